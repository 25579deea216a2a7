package dev.reverie.streams.kafka;

import dev.reverie.streams.decode.DecoderStress;
import dev.reverie.streams.decode.DeliveryMutations;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
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

@Label("No record whatever brings the reader of records down")
class RecordReaderFuzzTest {

    private static final RecordReader READER = new RecordReader(DecoderStress.LIMITS);
    private static final List<String> TYPES = List.of(
            "", "image/png", "image/jpeg; q=1", "application/json", "application/x-ndjson", "application/x-npz", "x");
    private static final List<byte[]> VALUES = List.of(
            Pictures.greyPng(6, 5),
            Pictures.jpeg(9, 8),
            NpzBytes.greyImages(List.of("a", "bc")).toBytes(),
            Records.bytes(Pictures.line("cat", Pictures.greyPng(3, 3))));

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("with mutated headers and a value that may be mutated, too")
    void records(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] sound = VALUES.get(random.nextInt(VALUES.size()));
        byte[] value = random.nextBoolean() ? sound : new DeliveryMutations(random).of(sound);
        ConsumerRecord<byte[], byte[]> record = record(value, headers(random));

        DecoderStress.decodesOrRefuses(value, _ -> READER.samples(record));
    }

    private static RecordHeaders headers(SplittableRandom random) {
        RecordHeaders headers = new RecordHeaders();
        add(headers, "content-type", TYPES.get(random.nextInt(TYPES.size())), random);
        add(headers, "label", "Kätzchen 7", random);
        add(headers, "id", "7", random);
        return headers;
    }

    /** Once, twice or not at all, as it is, mutated, or without a value. */
    private static void add(RecordHeaders headers, String name, String value, SplittableRandom random) {
        byte[] sound = Records.bytes(value);
        DeliveryMutations mutation = new DeliveryMutations(random);
        switch (random.nextInt(8)) {
            case 0 -> {}
            case 1 -> headers.add(name, null);
            case 2 -> headers.add(name, sound).add(name, mutation.of(sound));
            case 3, 4 -> headers.add(name, mutation.of(sound));
            case 5 -> headers.add(new String(mutation.of(Records.bytes(name)), StandardCharsets.UTF_8), sound);
            default -> headers.add(name, sound);
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value, RecordHeaders headers) {
        return new ConsumerRecord<>(
                "t", 0, 0, 0, TimestampType.CREATE_TIME, 0, value.length, null, value, headers, Optional.empty());
    }
}
