package dev.reverie.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.streams.AwkwardLabels;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.service.RecordedIngest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The Kafka ingest source, with a real broker,")
class KafkaIngestIT extends AbstractKafkaTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int PARTITIONS = 3;

    private final RecordedIngest recorded = new RecordedIngest();

    @BeforeEach
    void createTopic() {
        broker.create(topic, PARTITIONS);
    }

    @Test
    @DisplayName("counts 1,000 records once each and commits their offsets, including those of duplicates")
    void thousand() {
        broker.send(Records.pictures(topic, 0, 1000));
        broker.send(Records.pictures(topic, 0, 100));

        KafkaIngest ingest = open();
        await(() -> service.deliveries().stream()
                        .mapToInt(delivery -> delivery.samples().size())
                        .sum()
                == 1100);
        await(() -> ingest.check().passed());
        stop(ingest);

        assertCountedOnce(1000);
        assertThat(service.deliveries()).allMatch(delivery -> delivery.source() == IngestSource.KAFKA);
        assertThat(recorded.decoded()).hasSize(1100).containsOnly(IngestSource.KAFKA);
        assertThat(broker.committed(topic)).isEqualTo(1100);
        assertThat(recorded.reasons()).isEmpty();
        assertThat(ingest.check().passed()).isFalse();
    }

    @Test
    @DisplayName("reads any label from a header, from lines of JSON and from a batch")
    void anyLabel() {
        byte[] png = Pictures.greyPng(2, 2);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (String label : AwkwardLabels.ALL) {
            records.add(Records.with(Records.record(topic, label, png), "label", label));
            lines.append(Pictures.line(label.replace("\\", "\\\\").replace("\"", "\\\""), png));
        }
        byte[] json = Records.bytes(lines.toString());
        byte[] batch = NpzBytes.greyImages(AwkwardLabels.ALL).toBytes();
        records.add(Records.with(Records.record(topic, "lines", json), "content-type", "application/x-ndjson"));
        records.add(Records.with(Records.record(topic, "batch", batch), "content-type", "application/x-npz"));
        broker.send(records);

        KafkaIngest ingest = open();
        await(() -> broker.committed(topic) == records.size());
        stop(ingest);

        assertThat(recorded.reasons()).isEmpty();
        assertThat(AwkwardLabels.ALL)
                .allSatisfy(label -> assertThat(service.accepted(label)).hasSize(3));
    }

    @Test
    @DisplayName("loses and repeats no record when it is interrupted and opened again")
    void interrupted() {
        broker.send(Records.pictures(topic, 0, 1000));

        for (int from : List.of(1, 300, 600)) {
            KafkaIngest ingest = open();
            await(() -> samples().size() >= from);
            ingest.stop(Duration.ZERO).toCompletableFuture().join();
        }
        KafkaIngest last = open();
        await(() -> broker.committed(topic) == 1000);
        stop(last);

        assertCountedOnce(1000);
    }

    @Test
    @DisplayName("continues after a restart of the broker, and meanwhile reports that the broker does not respond")
    void brokerKilled() {
        broker.send(Records.pictures(topic, 0, 500));
        KafkaIngest ingest = open();
        await(() -> samples().size() >= 50);

        broker.kill();
        await(() -> !ingest.check().passed());
        assertThat(ingest.check().detail()).contains(broker.servers());
        broker.start();
        broker.send(Records.pictures(topic, 500, 500));

        await(() -> broker.committed(topic) == 1000);
        await(() -> ingest.check().passed());
        stop(ingest);
        assertCountedOnce(1000);
    }

    @Test
    @DisplayName("writes refused records to the dead-letter topic with the reason, and delivers the others")
    void deadLetters() {
        byte[] truncated = Arrays.copyOf(Pictures.greyPng(8, 8), 60);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(Records.pictures(topic, 0, 40));
        records.add(5, Records.with(Records.record(topic, "cut", truncated), "label", "cat", "trace", "abc"));
        records.add(12, Records.with(new ProducerRecord<>(topic, Records.bytes("gone"), null), "label", "cat"));
        records.add(
                30,
                Records.with(Records.record(topic, "json", Records.bytes("{")), "content-type", "application/json"));
        service.acceptOnly(sample -> !sample.id().equals(Optional.of("17")));
        broker.send(records);

        KafkaIngest ingest = open();
        List<ConsumerRecord<byte[], byte[]>> letters = broker.read(topic + ".dead-letters", 4);
        await(() -> samples().size() == 39);
        stop(ingest);

        assertThat(letters)
                .extracting(letter -> text(letter.key()))
                .containsExactlyInAnyOrder("cut", "gone", "json", "17");
        ConsumerRecord<byte[], byte[]> cut = letter(letters, "cut");
        assertThat(cut.value()).isEqualTo(truncated);
        assertThat(header(cut, "label")).isEqualTo("cat");
        assertThat(header(cut, "trace")).isEqualTo("abc");
        assertThat(header(cut, "reverie-reason")).isEqualTo("image-invalid");
        assertThat(header(cut, "reverie-detail")).startsWith("the record").contains("truncated");
        assertThat(header(cut, "reverie-source")).matches(topic + "-[0-2]@[0-9]+");
        assertThat(header(letter(letters, "17"), "reverie-reason")).isEqualTo("shape-mismatch");
        assertThat(recorded.reasons())
                .containsExactlyInAnyOrder("image-invalid", "body-empty", "json-invalid", "shape-mismatch");
        assertThat(broker.committed(topic)).isEqualTo(43);
    }

    @Test
    @DisplayName("omits a value that is too large for the dead-letter topic, and records its size")
    void largeDeadLetter() {
        byte[] large = new byte[(1 << 20) - 200];
        ThreadLocalRandom.current().nextBytes(large);
        broker.send(List.of(Records.with(Records.record(topic, "large", large), "label", "x".repeat(100))));

        KafkaIngest ingest = open();
        ConsumerRecord<byte[], byte[]> letter =
                broker.read(topic + ".dead-letters", 1).getFirst();
        stop(ingest);

        assertThat(letter.value()).isNull();
        assertThat(header(letter, "reverie-omitted")).isEqualTo("" + large.length);
    }

    @Test
    @DisplayName("omits the key and the headers, too, if they alone are too large for the dead-letter topic")
    void largeHeaders() {
        broker.send(
                List.of(Records.with(Records.record(topic, "key", new byte[7]), "note", "x".repeat((1 << 20) - 200))));

        KafkaIngest ingest = open();
        ConsumerRecord<byte[], byte[]> letter =
                broker.read(topic + ".dead-letters", 1).getFirst();
        stop(ingest);

        assertThat(letter.key()).isNull();
        assertThat(letter.headers().headers("note")).isEmpty();
        assertThat(header(letter, "reverie-omitted")).isEqualTo("7");
        assertThat(header(letter, "reverie-source")).startsWith(topic);
    }

    @Test
    @DisplayName("waits while the service defers, and drops no record")
    void deferred() {
        for (int i = 0; i < 20; i++) {
            service.replyNextWith(CompletableFuture.completedStage(
                    new DeliveryOutcome.Deferred(DeliveryOutcome.Cause.OVERLOADED, "later", Duration.ofMillis(20))));
        }
        broker.send(Records.pictures(topic, 0, 200));

        KafkaIngest ingest = open();
        await(() -> samples().size() == 200);
        stop(ingest);

        assertCountedOnce(200);
        assertThat(recorded.reasons()).hasSize(20).containsOnly("overloaded");
    }

    @Test
    @DisplayName("restarts reading after a stall")
    void stalls() {
        // given a delivery without a reply
        service.replyNextWith(new CompletableFuture<>());
        broker.send(Records.pictures(topic, 0, 10));

        KafkaIngest ingest = open();
        await(() -> ingest.lag() == 10);
        await(() -> samples().size() == 10);

        stop(ingest);
        assertCountedOnce(10);
    }

    @Test
    @DisplayName("counts only records that still exist as lag")
    void deletedRecords() {
        broker.send(Records.pictures(topic, 0, 10));
        broker.deleteRecords(topic);
        service.replyNextWith(new CompletableFuture<>());
        broker.send(Records.pictures(topic, 10, 5));

        KafkaIngest ingest = open();

        await(() -> ingest.lag() == 5);
        await(() -> samples().size() == 5);
        stop(ingest);
    }

    @Test
    @DisplayName("reports that no broker responds, and can still be closed")
    void noBroker() {
        assertUnresponsive("127.0.0.1:1");
    }

    @Test
    @DisplayName("reports that no broker responds if its host name is unknown, and can still be closed")
    void unknownBroker() {
        assertUnresponsive("broker.invalid:9092");
    }

    private void assertUnresponsive(String servers) {
        KafkaIngest ingest = open(servers);

        await(() -> ingest.check().detail().contains("do not respond"));
        assertThat(ingest.check().passed()).isFalse();
        stop(ingest);
    }

    private KafkaIngest open() {
        return open(broker.servers());
    }

    private KafkaIngest open(String servers) {
        return new KafkaIngest(kit.system(), settings(servers), service, recorded);
    }

    /** Returns settings with a consumer group per test and shorter timeouts than the defaults. */
    private KafkaSettings settings(String servers) {
        return KafkaSettings.of(servers, topic, "reverie", topic + ".dead-letters")
                .withGroup(topic)
                .withSamples(64)
                .withWatchInterval(Duration.ofMillis(500))
                .withStallTimeout(Duration.ofSeconds(5))
                .withShortestPause(Duration.ofMillis(200))
                .withLongestPause(Duration.ofSeconds(1));
    }

    private void assertCountedOnce(int number) {
        Set<String> ids = new HashSet<>();
        samples().forEach(sample -> ids.add(sample.id().orElseThrow()));
        assertThat(ids).hasSize(number);
        assertThat(samples()).hasSize(number);
    }

    private void await(BooleanSupplier condition) {
        kit.createTestProbe().awaitAssert(TIMEOUT, () -> {
            assertThat(condition.getAsBoolean()).isTrue();
            return condition;
        });
    }

    private static ConsumerRecord<byte[], byte[]> letter(List<ConsumerRecord<byte[], byte[]>> letters, String key) {
        return letters.stream()
                .filter(letter -> text(letter.key()).equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return text(record.headers().lastHeader(name).value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
