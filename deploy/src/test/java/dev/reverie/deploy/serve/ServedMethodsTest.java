package dev.reverie.deploy.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.client.MemoryImages;
import dev.reverie.client.ReverieClient;
import dev.reverie.deploy.RandomSamples;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.matching.MatchingEngine;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A service")
class ServedMethodsTest {

    /** Class steps of two classes in several inner loops and more than one outer iteration. */
    private static final int STEPS = 10;

    @ParameterizedTest
    @ValueSource(strings = {"dream", "dream-plus", "idc", "dance", "dm", "dsa", "dc"})
    @DisplayName("can learn by any method that learns class by class")
    void learns(String method, @TempDir Path folder) throws Exception {
        learns(method, "0", folder);
    }

    @Test
    @DisplayName("can learn with style terms")
    void learnsWithStyle(@TempDir Path folder) throws Exception {
        learns("dm", "100", folder);
    }

    private static void learns(String method, String styleWeight, Path folder) throws Exception {
        CountDownLatch steps = new CountDownLatch(STEPS);
        RunningService service = LocalService.start(
                folder.resolve("store"),
                Map.of(
                        "reverie.learning.method",
                        method,
                        "reverie.learning.style.moments",
                        styleWeight,
                        "reverie.learning.style.correlations",
                        styleWeight,
                        "reverie.learning.min-images",
                        "4",
                        "reverie.learning.width",
                        "4",
                        "reverie.learning.inner-loops",
                        "2",
                        "reverie.memory.images-per-class",
                        "1"),
                (settings, shape, normalisation) ->
                        counted(MatchingEngine.open(settings, shape, normalisation), steps));
        try (ReverieClient client = ReverieClient.builder(service.address()).build()) {
            service.storeRead().toCompletableFuture().join();

            client.deliver(RandomSamples.of(0, 32, List.of("even", "odd")));

            assertThat(steps.await(60, TimeUnit.SECONDS)).isTrue();
            MemoryImages memory = client.memory().orElseThrow();
            assertThat(memory.names().values()).containsExactlyInAnyOrder("even", "odd");
            assertThat(client.status().worker()).doesNotStartWith("unavailable");
        } finally {
            service.close();
        }
    }

    /** Counts the class steps that succeed. */
    private static DistillationEngine counted(DistillationEngine engine, CountDownLatch steps) {
        return (DistillationEngine) Proxy.newProxyInstance(
                DistillationEngine.class.getClassLoader(),
                new Class<?>[] {DistillationEngine.class},
                (_, method, arguments) -> {
                    Object result = method.invoke(engine, arguments);
                    if (result instanceof MatchOutcome outcome) {
                        assertThat(outcome.isFinite()).isTrue();
                        steps.countDown();
                    }
                    return result;
                });
    }
}
