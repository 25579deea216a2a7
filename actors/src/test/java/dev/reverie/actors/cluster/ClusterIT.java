package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.FreePorts;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.intake.SealChange;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.store.PostgresPerClass;
import dev.reverie.actors.store.PostgresServer;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Three nodes that share a PostgreSQL store")
class ClusterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final PostgresPerClass POSTGRES = new PostgresPerClass();

    private List<ClusterSettings> settings;
    private List<IntakeNode> nodes;

    @BeforeEach
    void start() {
        List<String> seeds = IntStream.range(0, 3)
                .mapToObj(i -> "127.0.0.1:" + FreePorts.next())
                .toList();
        settings = seeds.stream()
                .map(seed -> new ClusterSettings(
                        "127.0.0.1",
                        Integer.parseInt(seed.split(":")[1]),
                        Optional.empty(),
                        seeds,
                        3,
                        Optional.empty()))
                .toList();
        nodes = new ArrayList<>(settings.stream()
                .map(each -> IntakeNode.started(POSTGRES.url(), each))
                .toList());
        nodes.forEach(node ->
                await(() -> node.up() == nodes.size() && !node.overview().loading()));
    }

    @AfterEach
    void stop() {
        nodes.forEach(IntakeNode::close);
    }

    /** The node where the registrar runs. */
    private IntakeNode oldest() {
        return nodes.stream()
                .reduce((one, other) -> one.self().isOlderThan(other.self()) ? one : other)
                .orElseThrow();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("time in which a condition must hold")
                    .isLessThan(end);
            IntakeNode.pause(Duration.ofMillis(50));
        }
    }

    private static List<Sample> samples(String label, int count, long seed) {
        List<Sample> samples = new ArrayList<>();
        for (Image image : Samples.images(count, 31 * seed + label.hashCode())) {
            samples.add(new Sample(label, Optional.of(label + "-" + seed + "-" + samples.size()), image));
        }
        return samples;
    }

    private static List<Sample> samplesOf(List<String> labels, int count, long seed) {
        return labels.stream()
                .flatMap(label -> samples(label, count, seed).stream())
                .toList();
    }

    private static ClassInfo info(IntakeNode node, String label) {
        return node.askClass(label, ClassCommand.GetInfo::new);
    }

    private static final List<String> LABELS = List.of("ant", "bee", "cat", "dog", "eel", "fox");

    @Test
    @DisplayName("take in samples on any node, and show the same classes and counts on every node")
    void anyNodeTakesIn() {
        for (int i = 0; i < 3; i++) {
            assertThat(nodes.get(i).deliver(samplesOf(LABELS, 2, i)))
                    .isEqualTo(new DeliveryOutcome.Accepted(2 * LABELS.size(), 0));
        }

        for (IntakeNode node : nodes) {
            await(() -> node.overview().store().samples() == 6L * LABELS.size());
            assertThat(node.overview().infos()).extracting(ClassInfo::label).containsExactlyElementsOf(LABELS);
            for (String label : LABELS) {
                assertThat(info(node, label).seen()).isEqualTo(6);
            }
        }
    }

    @Test
    @DisplayName("recognise a sample that another node has taken in, and refuse its id for another image")
    void idsAreTheClusters() {
        List<Sample> taken = samples("cat", 3, 0);
        nodes.get(0).deliver(taken);

        assertThat(nodes.get(1).deliver(taken)).isEqualTo(new DeliveryOutcome.Accepted(0, 3));
        Sample conflict =
                new Sample("cat", taken.getFirst().id(), Samples.images(1, 99).getFirst());
        assertThat(nodes.get(2).deliver(List.of(conflict))).isEqualTo(refused(conflict, SampleVerdict.CONFLICT));
    }

    @Test
    @DisplayName("lose nothing that was acknowledged when a node is killed, and go on without it")
    void aKilledNodeLosesNothing() {
        for (int i = 0; i < 3; i++) {
            nodes.get(i).deliver(samplesOf(LABELS, 2, i));
        }

        nodes.removeLast().close();

        for (String label : LABELS) {
            assertThat(nodes.get(0).deliver(samples(label, 2, 7)))
                    .isInstanceOfSatisfying(DeliveryOutcome.Accepted.class, accepted -> assertThat(
                                    accepted.accepted() + accepted.duplicates())
                            .isEqualTo(2));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(nodes.get(1).deliver(samplesOf(LABELS, 2, i)))
                    .isEqualTo(new DeliveryOutcome.Accepted(0, 2 * LABELS.size()));
        }
        for (IntakeNode node : nodes) {
            for (String label : LABELS) {
                assertThat(info(node, label).seen()).isEqualTo(8);
            }
        }
    }

    @Test
    @DisplayName("seal and forget a class on any node")
    void anyNodeSealsAndForgets() {
        nodes.get(0).deliver(samplesOf(LABELS, 3, 0));

        await(() -> nodes.get(1).known("cat").isPresent());
        IntakeActor.Sealed sealed = nodes.get(1).ask(replyTo -> new IntakeActor.Seal("cat", SealChange.NOW, replyTo));

        assertThat(sealed.info().orElseThrow().phase()).isEqualTo(ClassPhase.SEALED);
        List<Sample> late = samples("cat", 1, 5);
        assertThat(nodes.get(2).deliver(late)).isEqualTo(refused(late.getFirst(), SampleVerdict.SEALED));

        IntakeActor.Forgotten forgotten = nodes.get(2).ask(replyTo -> new IntakeActor.Forget("cat", replyTo));

        assertThat(forgotten.existed()).isTrue();
        for (IntakeNode node : nodes) {
            await(() -> node.known("cat").isEmpty());
        }
        assertThat(nodes.get(0).deliver(samples("cat", 2, 0))).isEqualTo(new DeliveryOutcome.Accepted(2, 0));
        assertThat(info(nodes.get(1), "dog").seen()).isEqualTo(3);
    }

    @Test
    @DisplayName("name a class on any node, and know its name on every node")
    void anyNodeNames() {
        nodes.get(0).deliver(samples("cat", 1, 0));
        int cat = info(nodes.get(0), "cat").index();

        for (IntakeNode node : nodes) {
            Optional<String> name = Optional.of("House cat " + nodes.indexOf(node));
            await(() -> node.known("cat").isPresent());
            IntakeActor.Renamed renamed = node.ask(replyTo -> new IntakeActor.Rename(cat, name, replyTo));

            assertThat(renamed.done()).isTrue();
            for (IntakeNode each : nodes) {
                await(() -> each.<IntakeActor.Overview>ask(IntakeActor.GetOverview::new)
                        .displayNames()
                        .containsValue(name.orElseThrow()));
            }
        }
    }

    @Test
    @DisplayName("withdraw a sample on any node, which does not come back when it is sent to another one")
    void anyNodeWithdraws() {
        List<Sample> cats = samples("cat", 3, 0);
        nodes.get(0).deliver(cats);

        for (IntakeNode node : nodes) {
            ClassCommand.Withdrawn withdrawn = node.askClass(
                    "cat",
                    replyTo -> new ClassCommand.Withdraw(
                            cats.getFirst().fingerprint().id(), replyTo));
            assertThat(withdrawn.result()).isEqualTo(ClassCommand.Withdrawal.DONE);
        }

        assertThat(nodes.get(2).deliver(cats)).isEqualTo(new DeliveryOutcome.Accepted(0, 3));
        assertThat(info(nodes.get(1), "cat").reservoir()).isEqualTo(2);
        assertThat(info(nodes.get(1), "cat").seen()).isEqualTo(3);
    }

    @Test
    @DisplayName("read the images of every class on any node")
    void anyNodeReads() {
        nodes.get(0).deliver(samplesOf(LABELS, 3, 0));

        for (IntakeNode node : nodes) {
            for (String label : LABELS) {
                await(() -> node.known(label).isPresent());
                ClassActor.Images images =
                        node.askClass(label, replyTo -> new ClassActor.ReadImages(List.of(0, 1, 2), replyTo));
                assertThat(images.images())
                        .extracting(Image::levels)
                        .containsExactlyInAnyOrderElementsOf(samples(label, 3, 0).stream()
                                .map(sample -> sample.image().levels())
                                .toList());
            }
        }
    }

    @Test
    @DisplayName("move the classes of a node that leaves in an orderly way, with all their samples, and the registrar")
    void aLeavingNodeHandsOver() {
        IntakeNode registrarNode = oldest();
        registrarNode.deliver(samplesOf(LABELS, 3, 0));

        nodes.remove(registrarNode);
        registrarNode.leave();

        for (IntakeNode node : nodes) {
            assertThat(node.deliver(samplesOf(LABELS, 3, 0)))
                    .isEqualTo(new DeliveryOutcome.Accepted(0, 3 * LABELS.size()));
        }
        assertThat(nodes.get(0).deliver(samples("gnu", 1, 0))).isEqualTo(new DeliveryOutcome.Accepted(1, 0));
    }

    @Test
    @DisplayName("lose nothing when another process has written rows of a class meanwhile, which the class then reads")
    void aFencedClassStartsAgain() throws SQLException {
        nodes.get(0).deliver(samples("cat", 3, 0));
        await(() -> nodes.get(1).known("cat").isPresent());
        nodes.get(1)
                .<IntakeActor.Sealed>ask(replyTo -> new IntakeActor.Seal("cat", SealChange.WHEN_CONVERGED, replyTo));
        try (Connection other = DriverManager.getConnection(POSTGRES.url(), PostgresServer.USER, "");
                Statement statement = other.createStatement()) {
            assertThat(statement.executeUpdate("""
                            INSERT INTO event_journal (persistence_id, sequence_number, deleted, writer, write_timestamp,
                                adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
                            SELECT persistence_id, sequence_number + 1, deleted, writer, write_timestamp,
                                adapter_manifest, event_ser_id, event_ser_manifest, event_payload
                            FROM event_journal WHERE persistence_id LIKE 'class%'
                            ORDER BY sequence_number DESC LIMIT 1
                            """)).isEqualTo(1);
        }

        DeliveryOutcome first = nodes.get(2).attempt(samples("cat", 2, 1));

        assertThat(first).isInstanceOf(DeliveryOutcome.Deferred.class);
        assertThat(nodes.get(2).deliver(samples("cat", 2, 1))).isEqualTo(new DeliveryOutcome.Accepted(2, 0));
        assertThat(info(nodes.get(0), "cat").seen()).isEqualTo(5);
        await(() -> nodes.get(0).known("cat").orElseThrow().info().sealRequested());
        assertThat(nodes.stream().mapToLong(node -> node.moves().fenced()).sum())
                .isOne();
    }

    private static DeliveryOutcome refused(Sample sample, SampleVerdict reason) {
        return new DeliveryOutcome.Accepted(
                0, 0, List.of(new DeliveryOutcome.RefusedSample(0, sample.label(), sample.id(), reason)));
    }
}
