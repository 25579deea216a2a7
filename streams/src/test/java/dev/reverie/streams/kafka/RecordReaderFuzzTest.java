package dev.reverie.streams.kafka;

import dev.reverie.gpu.dataset.ByteMutations;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.decode.SampleDecoding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

@Label("The record reader decodes or refuses any record")
class RecordReaderFuzzTest {

    private static final RecordReader READER = new RecordReader(SampleDecoding.LIMITS);
    private static final List<String> TYPES = List.of(
            "", "image/png", "image/jpeg; q=1", "application/json", "application/x-ndjson", "application/x-npz", "x");
    private static final List<byte[]> VALUES = List.of(
            Pictures.greyPng(6, 5),
            Pictures.jpeg(9, 8),
            NpzBytes.greyImages(List.of("a", "bc")).toBytes(),
            Records.bytes(Pictures.line("cat", Pictures.greyPng(3, 3))));

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("with mutated headers and an intact or mutated value")
    void records(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] valid = VALUES.get(random.nextInt(VALUES.size()));
        byte[] value = random.nextBoolean() ? valid : ByteMutations.of(valid, random);
        ConsumerRecord<byte[], byte[]> record = record(value, headers(random));

        SampleDecoding.decodesOrRefuses(value, _ -> READER.samples(record));
    }

    private static RecordHeaders headers(SplittableRandom random) {
        RecordHeaders headers = new RecordHeaders();
        add(headers, "content-type", TYPES.get(random.nextInt(TYPES.size())), random);
        add(headers, "label", "Kätzchen 7", random);
        add(headers, "id", "7", random);
        return headers;
    }

    /** Adds the header once, twice or not at all, intact, mutated, or without a value. */
    private static void add(RecordHeaders headers, String name, String value, SplittableRandom random) {
        byte[] valid = Records.bytes(value);
        switch (random.nextInt(8)) {
            case 0 -> {}
            case 1 -> headers.add(name, null);
            case 2 -> headers.add(name, valid).add(name, ByteMutations.of(valid, random));
            case 3, 4 -> headers.add(name, ByteMutations.of(valid, random));
            case 5 ->
                headers.add(new String(ByteMutations.of(Records.bytes(name), random), StandardCharsets.UTF_8), valid);
            default -> headers.add(name, valid);
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value, RecordHeaders headers) {
        return new ConsumerRecord<>(
                "t", 0, 0, 0, TimestampType.CREATE_TIME, 0, value.length, null, value, headers, Optional.empty());
    }
}
