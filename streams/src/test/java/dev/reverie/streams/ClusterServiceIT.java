package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.actors.cluster.TestNode;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.actors.store.PostgresServer;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.formation.DeadZone;
import dev.reverie.gpu.method.Method;
import dev.reverie.streams.runtime.ActorMemoryService;
import dev.reverie.streams.runtime.ClusterNode;
import dev.reverie.streams.runtime.ServiceRequest;
import dev.reverie.streams.service.ClassStatus;
import dev.reverie.streams.service.MemoryView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A service on three nodes")
class ClusterServiceIT {

    private static final List<String> LABELS = List.of("ant", "bee", "cat", "dog", "eel", "fox");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private PostgresServer server;
    private final List<RunFixture> engines = new ArrayList<>();
    private final List<ActorMemoryService> nodes = new ArrayList<>();

    @BeforeEach
    void start(@TempDir Path data) {
        server = PostgresServer.startedIn(data);
        String url = server.newDatabase();
        List<String> seeds = IntStream.range(0, 3)
                .mapToObj(i -> "127.0.0.1:" + TestNode.freePort())
                .toList();
        for (String seed : seeds) {
            RunFixture engine = new RunFixture();
            engines.add(engine);
            ClusterSettings settings = new ClusterSettings(
                    "127.0.0.1", Integer.parseInt(seed.substring(seed.indexOf(':') + 1)), seeds, 3, Optional.empty());
            nodes.add(ActorMemoryService.start(new ServiceRequest(
                    Store.sharedOnPostgres(url, PostgresServer.USER, ""),
                    shape -> RunSettings.settings(Method.DREAM),
                    ServiceFixture.POLICY,
                    MemoryBudget.perClass(ServiceFixture.IPC),
                    DeadZone.NONE,
                    IntakeLimits.DEFAULT,
                    Optional.empty(),
                    Optional.empty(),
                    (method, shape, normalisation) -> engine.get(),
                    Instant::now,
                    System::nanoTime,
                    List.of(),
                    Optional.of(new ClusterNode(settings, "0.1.0", Map.of())))));
        }
        nodes.forEach(node -> join(node.storeRead()));
    }

    @AfterEach
    void stop() {
        nodes.forEach(node -> join(node.end()));
        server.close();
    }

    private static <R> R join(CompletionStage<R> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            assertThat(System.nanoTime())
                    .as("time in which a condition must hold")
                    .isLessThan(end);
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new AssertionError(interruption);
            }
        }
    }

    /** What a node does not know yet, or another node does not answer now, is asked again. */
    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (CompletionException | NoSuchElementException unavailable) {
            return false;
        }
    }

    private void deliver(ActorMemoryService node, String label, int count, long seed) {
        Delivery delivery = new Delivery(
                IngestSource.HTTP,
                RunSettings.images(count, seed).stream()
                        .map(image -> new Sample(label, Optional.empty(), image))
                        .toList());
        await(() -> join(node.admit(delivery)) instanceof DeliveryOutcome.Accepted);
    }

    private static ClassStatus status(ActorMemoryService node, String label) {
        return join(node.classNamed(label)).orElseThrow();
    }

    @Test
    @DisplayName("learns each class on the node where it lives, and shows the whole memory on every node")
    void learnsOnAllNodes() {
        // when
        for (int i = 0; i < LABELS.size(); i++) {
            deliver(nodes.get(i % 3), LABELS.get(i), 6, i);
        }

        // then
        for (ActorMemoryService node : nodes) {
            for (String label : LABELS) {
                await(() -> status(node, label).innerLoops() > 2);
            }
        }
        for (ActorMemoryService node : nodes) {
            await(() -> join(node.memory())
                    .map(MemoryView::set)
                    .filter(set -> set.classes().size() == LABELS.size())
                    .isPresent());
        }
        await(() -> join(nodes.getFirst().cluster().orElseThrow().status()).members().stream()
                        .mapToInt(member -> member.classes().orElseThrow())
                        .sum()
                == LABELS.size());
        assertThat(engines.stream().filter(engine -> engine.opened() > 0).count())
                .as("nodes that learn")
                .isGreaterThan(1);
    }

    @Test
    @DisplayName("goes on learning the classes of a node that leaves, from where they were")
    void learnsOnAfterALeave() {
        // given
        for (int i = 0; i < LABELS.size(); i++) {
            deliver(nodes.getFirst(), LABELS.get(i), 6, i);
        }
        Map<String, Long> before = new HashMap<>();
        for (String label : LABELS) {
            await(() -> before.merge(label, status(nodes.get(1), label).innerLoops(), Math::max) > 2);
        }

        // when
        join(nodes.removeFirst().stop(Duration.ofSeconds(30)));

        // then
        for (ActorMemoryService node : nodes) {
            for (String label : LABELS) {
                await(() -> status(node, label).innerLoops() > before.getOrDefault(label, 0L));
            }
        }
    }
}
