package dev.reverie.deploy.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.client.MemoryImages;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.deploy.RandomSamples;
import dev.reverie.gpu.WatchedCalls;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.matching.MatchingEngine;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A running service")
@Timeout(120)
class RunningServiceTest {

    private static final Duration GRACE = Duration.ofSeconds(60);
    private final CompletableFuture<Void> matching = new CompletableFuture<>();
    private final CompletableFuture<Void> matched = new CompletableFuture<>();

    /** Class steps of two classes in several inner loops and more than one outer iteration. */
    private static final int STEPS = 10;

    @Test
    @DisplayName(
            "that is asked to stop reports that it is not ready, with the reason, until everything is saved, and then"
                    + " stops listening")
    void drains(@TempDir Path folder) throws Exception {
        RunningService service = start(folder);
        try (HttpClient http = HttpClient.newHttpClient();
                ReverieClient client = ReverieClient.builder(service.address()).build()) {
            service.storeRead().toCompletableFuture().join();
            client.deliver(RandomSamples.of(0, 16, List.of("even", "odd")));
            matching.join();
            assertThat(client.isReady()).isTrue();

            CompletionStage<Boolean> stopped = service.stop(GRACE);

            HttpResponse<String> answer = get(http, service, "/readyz");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body())
                    .contains("{\"name\":\"intake\",\"passed\":false,\"detail\":\"the service is stopping\"}");
            assertThat(client.status().samples()).isEqualTo(16);

            matched.complete(null);
            assertThat(stopped.toCompletableFuture().join()).isTrue();
            assertThatThrownBy(client::status).isInstanceOf(ReverieException.Unreachable.class);
        } finally {
            matched.complete(null);
            if (!service.ended().toCompletableFuture().isDone()) {
                service.close();
            }
        }
    }

    @Test
    @DisplayName(
            "does not start on a port that is in use, which is no wrong input, and says so without an exception's name")
    void portInUse(@TempDir Path folder) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThatThrownBy(() -> LocalService.start(folder.resolve("store"), Map.of("reverie.http.port", port)))
                    .isInstanceOf(UncheckedIOException.class)
                    .cause()
                    .hasMessageMatching("cannot listen on 127\\.0\\.0\\.1:" + port
                            + " \\([^)]*Address already in use\\): choose another --port, .*")
                    .hasMessageNotContaining("Exception");
        }
    }

    @Test
    @DisplayName("does not start while the folder to watch is missing, which is no wrong input")
    void missingFolder(@TempDir Path folder) {
        Map<String, String> watching =
                Map.of("reverie.watch.folder", folder.resolve("incoming").toString());

        assertThatThrownBy(() -> LocalService.start(folder.resolve("store"), watching))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("there is no folder " + folder.resolve("incoming"));
    }

    @Test
    @DisplayName("counts the files of the watched folder that it passes over in its status and its metrics")
    void passesOver(@TempDir Path folder) throws Exception {
        Path watched = folder.resolve("incoming");
        Files.createDirectories(watched.resolve("cat"));
        Files.writeString(watched.resolve("cat/notes.txt"), "no picture");
        Map<String, String> watching = Map.of("reverie.watch.folder", watched.toString());
        try (RunningService service = LocalService.start(folder.resolve("store"), watching);
                HttpClient http = HttpClient.newHttpClient()) {
            String status = "";
            while (!status.contains("passed-over")) {
                status = get(http, service, "/v1/status").body();
            }

            assertThat(status)
                    .contains(
                            "\"refused\":[{\"source\":\"file\",\"reason\":\"passed-over\",\"samples\":1,",
                            "cat/notes.txt");
            assertThat(get(http, service, "/metrics").body()).contains("reverie_folder_passed_over_files 1.0");
        }
    }

    private static HttpResponse<String> get(HttpClient http, RunningService service, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(service.address().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

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

    private RunningService start(Path folder) {
        return LocalService.start(
                folder.resolve("store"),
                Map.of("reverie.learning.min-images", "4", "reverie.learning.width", "4"),
                (settings, shape, normalisation) -> held(MatchingEngine.open(settings, shape, normalisation)));
    }

    /** An engine whose class steps begin, and then wait until the test releases them. */
    private DistillationEngine held(DistillationEngine engine) {
        return WatchedCalls.before(DistillationEngine.class, engine, (method, _) -> {
            if (method.equals("match")) {
                matching.complete(null);
                matched.join();
            }
        });
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
