package dev.reverie.streams.kafka;

import dev.reverie.streams.decode.Pictures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Builds Kafka records. */
final class Records {

    private static final byte[] PNG = Pictures.greyPng(8, 8);

    private Records() {}

    /** Returns pictures with ids from {@code first}, each with its own key, so that they spread over the partitions. */
    static List<ProducerRecord<byte[], byte[]>> pictures(String topic, int first, int number) {
        return IntStream.range(first, first + number)
                .mapToObj(id -> with(record(topic, "" + id, PNG), "label", id % 2 == 0 ? "cat" : "dog", "id", "" + id))
                .toList();
    }

    static ProducerRecord<byte[], byte[]> record(String topic, String key, byte[] value) {
        return new ProducerRecord<>(topic, bytes(key), value);
    }

    /** Adds headers to a record, given as alternating names and texts. */
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
