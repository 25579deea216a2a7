package dev.reverie.deploy.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.deploy.RandomSamples;
import dev.reverie.gpu.WatchedCalls;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.matching.MatchingEngine;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A running service")
@Timeout(120)
class RunningServiceTest {

    private static final Duration GRACE = Duration.ofSeconds(60);

    private final CompletableFuture<Void> matching = new CompletableFuture<>();
    private final CompletableFuture<Void> matched = new CompletableFuture<>();

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

            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(service.address().resolve("/readyz")).build(),
                    HttpResponse.BodyHandlers.ofString());
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
}
