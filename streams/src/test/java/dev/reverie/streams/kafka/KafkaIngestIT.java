package dev.reverie.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IngestSource;
import dev.reverie.actors.intake.Sample;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.service.InMemoryService;
import dev.reverie.streams.service.RecordedIngest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The Kafka ingest source, with a real broker,")
class KafkaIngestIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final int PARTITIONS = 3;

    private static KafkaBroker broker;

    private final ActorTestKit kit = ActorTestKit.create("kafka", ConfigFactory.load());
    private final InMemoryService service = new InMemoryService();
    private final RecordedIngest told = new RecordedIngest();
    private String topic = "";

    @BeforeAll
    static void startBroker(@TempDir Path folder) {
        broker = KafkaBroker.startedIn(folder);
    }

    @AfterAll
    static void closeBroker() {
        broker.close();
    }

    @BeforeEach
    void createTopic(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
        broker.create(topic, PARTITIONS);
    }

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    @Test
    @DisplayName("counts 1,000 records once each and commits their offsets, including those of duplicates")
    void thousand() {
        // given
        broker.send(Records.pictures(topic, 0, 1000));
        broker.send(Records.pictures(topic, 0, 100));

        // when
        KafkaIngest door = open();
        await(() -> service.deliveries().stream()
                        .mapToInt(delivery -> delivery.samples().size())
                        .sum()
                == 1100);
        await(() -> door.check().passed());
        stop(door);

        // then
        assertCountedOnce(1000);
        assertThat(service.deliveries()).allMatch(delivery -> delivery.source() == IngestSource.KAFKA);
        assertThat(told.decoded()).hasSize(1100).containsOnly(IngestSource.KAFKA);
        assertThat(broker.committed(topic)).isEqualTo(1100);
        assertThat(told.reasons()).isEmpty();
        assertThat(door.check().passed()).isFalse();
    }

    @Test
    @DisplayName("loses and repeats no record when it is interrupted and opened again")
    void reopened() {
        // given
        broker.send(Records.pictures(topic, 0, 1000));

        // when
        for (int from : List.of(1, 300, 600)) {
            KafkaIngest door = open();
            await(() -> samples().size() >= from);
            door.stop(Duration.ZERO).toCompletableFuture().join();
        }
        KafkaIngest last = open();
        await(() -> broker.committed(topic) == 1000);
        stop(last);

        // then
        assertCountedOnce(1000);
    }

    @Test
    @DisplayName("continues after a restart of the broker, and meanwhile reports that the broker does not respond")
    void brokerKilled() {
        // given
        broker.send(Records.pictures(topic, 0, 500));
        KafkaIngest door = open();
        await(() -> samples().size() >= 50);

        // when
        broker.kill();
        await(() -> !door.check().passed());
        assertThat(door.check().detail()).contains(broker.servers());
        broker.start();
        broker.send(Records.pictures(topic, 500, 500));

        // then
        await(() -> broker.committed(topic) == 1000);
        await(() -> door.check().passed());
        stop(door);
        assertCountedOnce(1000);
    }

    @Test
    @DisplayName(
            "writes refused records to the dead-letter topic with the reason, and delivers the others")
    void deadLetters() {
        // given
        byte[] truncated = Arrays.copyOf(Pictures.greyPng(8, 8), 60);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(Records.pictures(topic, 0, 40));
        records.add(5, Records.with(Records.record(topic, "cut", truncated), "label", "cat", "trace", "abc"));
        records.add(12, Records.with(new ProducerRecord<>(topic, Records.bytes("gone"), null), "label", "cat"));
        records.add(
                30,
                Records.with(Records.record(topic, "json", Records.bytes("{")), "content-type", "application/json"));
        service.wantOnly(sample -> !sample.id().equals(Optional.of("17")));
        broker.send(records);

        // when
        KafkaIngest door = open();
        List<ConsumerRecord<byte[], byte[]>> letters = broker.read(topic + ".dead-letters", 4);
        await(() -> samples().size() == 39);
        stop(door);

        // then
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
        assertThat(told.reasons())
                .containsExactlyInAnyOrder("image-invalid", "body-empty", "json-invalid", "shape-mismatch");
        assertThat(broker.committed(topic)).isEqualTo(43);
    }

    @Test
    @DisplayName("omits a value that is too large for the dead-letter topic, and records its size")
    void largeDeadLetter() {
        // given
        byte[] large = new byte[(1 << 20) - 200];
        ThreadLocalRandom.current().nextBytes(large);
        broker.send(List.of(Records.with(Records.record(topic, "large", large), "label", "x".repeat(100))));

        // when
        KafkaIngest door = open();
        ConsumerRecord<byte[], byte[]> letter =
                broker.read(topic + ".dead-letters", 1).getFirst();
        stop(door);

        // then
        assertThat(letter.value()).isNull();
        assertThat(header(letter, "reverie-omitted")).isEqualTo("" + large.length);
    }

    @Test
    @DisplayName("waits while the service defers, and drops no record")
    void deferred() {
        // given
        for (int i = 0; i < 20; i++) {
            service.answerNextWith(CompletableFuture.completedStage(
                    new DeliveryOutcome.Deferred(DeliveryOutcome.Cause.OVERLOADED, "later", Duration.ofMillis(20))));
        }
        broker.send(Records.pictures(topic, 0, 200));

        // when
        KafkaIngest door = open();
        await(() -> samples().size() == 200);
        stop(door);

        // then
        assertCountedOnce(200);
        assertThat(told.reasons()).hasSize(20).containsOnly("overloaded");
    }

    @Test
    @DisplayName("restarts reading after a stall")
    void standsStill() {
        // given a delivery that is never answered
        service.answerNextWith(new CompletableFuture<>());
        broker.send(Records.pictures(topic, 0, 10));

        // when
        KafkaIngest door = open();
        await(() -> door.lag() == 10);
        await(() -> samples().size() == 10);

        // then
        stop(door);
        assertCountedOnce(10);
    }

    @Test
    @DisplayName("counts only records that still exist as lag")
    void deletedRecords() {
        // given
        broker.send(Records.pictures(topic, 0, 10));
        broker.deleteRecords(topic);
        service.answerNextWith(new CompletableFuture<>());
        broker.send(Records.pictures(topic, 10, 5));

        // when
        KafkaIngest door = open();

        // then
        await(() -> door.lag() == 5);
        await(() -> samples().size() == 5);
        stop(door);
    }

    @Test
    @DisplayName("reports that no broker responds, and can still be closed")
    void noBroker() {
        assertSilent("127.0.0.1:1");
    }

    @Test
    @DisplayName("reports that the broker's host name is unknown, and can still be closed")
    void unknownBroker() {
        assertSilent("broker.invalid:9092");
    }

    private void assertSilent(String servers) {
        KafkaIngest door = open(servers);

        await(() -> door.check().detail().contains("do not respond"));
        assertThat(door.check().passed()).isFalse();
        stop(door);
    }

    private KafkaIngest open() {
        return open(broker.servers());
    }

    private KafkaIngest open(String servers) {
        return KafkaIngest.open(kit.system(), settings(servers), service, told);
    }

    /** A group for each test, and less patience than in earnest. */
    private KafkaSettings settings(String servers) {
        KafkaSettings usual = KafkaSettings.of(servers, topic);
        return new KafkaSettings(
                servers,
                topic,
                topic,
                usual.deadLetters(),
                usual.properties(),
                IngestLimits.defaults(),
                64,
                usual.window(),
                Duration.ofMillis(500),
                Duration.ofSeconds(5),
                Duration.ofMillis(200),
                Duration.ofSeconds(1));
    }

    private List<Sample> samples() {
        return Stream.of("cat", "dog")
                .flatMap(label -> service.accepted(label).stream())
                .toList();
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

    private static void stop(KafkaIngest door) {
        door.stop(GRACE).toCompletableFuture().join();
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
