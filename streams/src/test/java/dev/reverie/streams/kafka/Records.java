package dev.reverie.streams.kafka;

import dev.reverie.streams.decode.Pictures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records as producers send them. */
final class Records {

    private static final byte[] PNG = Pictures.greyPng(8, 8);

    private Records() {}

    /** Pictures with the ids from {@code first} on, one key each, so that they spread over the partitions. */
    static List<ProducerRecord<byte[], byte[]>> pictures(String topic, int first, int number) {
        return IntStream.range(first, first + number)
                .mapToObj(id -> with(record(topic, "" + id, PNG), "label", id % 2 == 0 ? "cat" : "dog", "id", "" + id))
                .toList();
    }

    static ProducerRecord<byte[], byte[]> record(String topic, String key, byte[] value) {
        return new ProducerRecord<>(topic, bytes(key), value);
    }

    /** The record with headers, their names and texts by turns. */
    static ProducerRecord<byte[], byte[]> with(ProducerRecord<byte[], byte[]> record, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            record.headers().add(headers[i], bytes(headers[i + 1]));
        }
        return record;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
