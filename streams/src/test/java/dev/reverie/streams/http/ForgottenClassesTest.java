package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("After many classes were added and forgotten")
@Timeout(300)
class ForgottenClassesTest {

    /** The classes to add and forget; {@code -Dreverie.forgotten.classes=20000} for a figure to report. */
    private static final int FORGOTTEN = Integer.getInteger("reverie.forgotten.classes", 300);

    private static final int AT_ONCE = 100;

    @Test
    @DisplayName("answers list the classes that exist with their indices, and are as small as before")
    void small(@TempDir Path store, TestReporter report) throws IOException {
        byte[] image = Pictures.greyPng(16, 16);
        try (ServerOnActors server = new ServerOnActors(store, 200)) {
            server.post("/v1/samples?label=cat", "image/png", image);
            int sampleBefore = server.get("/v1/memory/sample?n=1").body().length;
            int memoryBefore = server.get("/v1/memory").body().length;

            for (int from = 0; from < FORGOTTEN; from += AT_ONCE) {
                addAndForget(server, from);
            }
            server.post("/v1/samples?label=dog", "image/png", Pictures.greyPng(16, 16));
            byte[] memory = server.get("/v1/memory").body();
            byte[] sample = server.get("/v1/memory/sample?n=1").body();
            byte[] dense = server.get("/v1/memory?labels=dense").body();
            byte[] denseSample =
                    server.get("/v1/memory/sample?labels=dense&classes=dog").body();

            DistilledSet set = NpzFile.read(memory, "the memory");
            assertThat(set.classes().names()).containsExactly("cat", "dog");
            assertThat(set.classes().indices()).containsExactly(0, FORGOTTEN + 1);
            assertThat(Set.copyOf(NpzArrays.integers(NpzArrays.of(dense), "labels")))
                    .containsExactlyInAnyOrder(0L, 1L);
            assertThat(NpzArrays.integers(NpzArrays.of(dense), "class_index")).containsExactly(0L, FORGOTTEN + 1L);
            assertThat(NpzArrays.integers(NpzArrays.of(denseSample), "labels")).containsOnly(1L);
            report.publishEntry(Map.of(
                    "forgotten classes", String.valueOf(FORGOTTEN),
                    "sample?n=1, bytes", sample.length + " (" + sampleBefore + " before)",
                    "memory, bytes", memory.length + " (" + memoryBefore + " before)"));
            assertThat(sample.length).isLessThan(sampleBefore + 64);
            assertThat(memory.length).isLessThan(3 * memoryBefore);
        }
    }

    private static void addAndForget(ServerOnActors server, int from) {
        List<String> labels = IntStream.range(from, Math.min(FORGOTTEN, from + AT_ONCE))
                .mapToObj(i -> "a-class-to-forget-" + i)
                .toList();
        byte[] batch = new NpzBytes()
                .array("images", "|u1", "(" + labels.size() + ", 16, 16)", new byte[labels.size() * 256])
                .texts("labels", labels)
                .toBytes();
        assertThat(server.post("/v1/samples", "application/x-npz", batch).statusCode())
                .isEqualTo(200);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(labels.stream()
                            .map(label -> CompletableFuture.supplyAsync(
                                    () -> server.forget(label).statusCode(), clients))
                            .toList())
                    .allSatisfy(status -> assertThat(status.join()).isEqualTo(204));
        }
    }
}
