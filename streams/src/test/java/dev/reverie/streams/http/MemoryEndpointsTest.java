package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.PackedNpzFile;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.service.ReadListener.Call;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The HTTP API for the memory")
class MemoryEndpointsTest {

    private static final String NPZ = "application/x-npz";

    @AutoClose
    private final Server server = Server.start();

    @Test
    @DisplayName("reports every read with its status, its size and the age of what it handed out")
    void reportsReads() {
        server.get("/v1/memory/sample");
        server.deliver("cat", "dog");
        HttpResponse<byte[]> memory = server.get("/v1/memory");
        HttpResponse<byte[]> sample = server.get("/v1/memory/sample?n=3");
        server.send(
                "/v1/memory",
                request -> request.header(
                        "If-None-Match", memory.headers().firstValue("ETag").orElseThrow()));
        server.get("/v1/memory/sample?n=0");
        server.get("/v1/classes");

        assertThat(server.reads)
                .filteredOn(read -> read.status() < 400)
                .containsExactly(
                        new Server.ReadAnswer(Call.MEMORY, 200, memory.body().length, Optional.of(Instant.EPOCH)),
                        new Server.ReadAnswer(Call.SAMPLE, 200, sample.body().length, Optional.of(Instant.EPOCH)),
                        new Server.ReadAnswer(Call.MEMORY, 304, 0, Optional.of(Instant.EPOCH)));
        assertThat(server.reads)
                .filteredOn(read -> read.status() >= 400)
                .extracting(Server.ReadAnswer::status)
                .containsExactly(404, 400);
    }

    @Test
    @DisplayName("serves the whole memory as NPZ, and 304 while it has not changed")
    void memory() throws IOException {
        server.deliver("dog", "cat");

        HttpResponse<byte[]> memory = server.get("/v1/memory");
        String tag = memory.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> again = server.send("/v1/memory", request -> request.header("If-None-Match", tag));
        server.deliver("owl");
        HttpResponse<byte[]> changed = server.send("/v1/memory", request -> request.header("If-None-Match", tag));

        assertThat(memory.headers().firstValue("Content-Type")).contains(NPZ);
        assertThat(NpzArrays.of(memory.body())).containsOnlyKeys(NpzArrays.OF_MEMORY);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers().firstValue("ETag")).contains(tag);
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag")).isNotEqualTo(tag);
    }

    @Test
    @DisplayName("serves the whole memory as one picture, with another ETag than the NPZ")
    void wall() {
        server.deliver("dog", "cat");

        HttpResponse<byte[]> wall = server.get("/v1/memory?format=png");

        assertThat(wall.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(wall.headers().firstValue("ETag"))
                .isNotEqualTo(server.get("/v1/memory").headers().firstValue("ETag"));
        Server.problem(server.get("/v1/memory?format=gif"), 400, "parameter-invalid");
    }

    @Test
    @DisplayName("serves a memory of few bits packed, and otherwise the bytes to which it decodes")
    void packed() {
        server.service.storeIn(Bits.TWO);
        server.deliver("dog", "cat");

        HttpResponse<byte[]> packed = server.get("/v1/memory?format=packed");

        DistilledSet stored = PackedNpzFile.read(packed.body(), "the memory", (images, factor, soft) -> images);
        DistilledSet decoded = NpzFile.read(server.get("/v1/memory").body(), "the memory");
        assertThat(packed.headers().firstValue("Content-Type")).contains("application/x-npz");
        assertThat(packed.headers().firstValue("ETag"))
                .isNotEqualTo(server.get("/v1/memory").headers().firstValue("ETag"));
        assertThat(stored.images().toLevels()).isEqualTo(decoded.images().toLevels());
        assertThat(stored.labels()).isEqualTo(decoded.labels());
        assertThat(stored.classes()).isEqualTo(decoded.classes());
        Server.problem(server.get("/v1/memory?format=packed&dtype=float32"), 400, "parameter-invalid");
    }

    @Test
    @DisplayName("refuses to serve a memory of 8 bits packed, and says what to do")
    void notPacked() {
        server.deliver("cat");

        assertThat(Server.problem(server.get("/v1/memory?format=packed"), 400, "parameter-invalid"))
                .contains("set reverie.memory.bits, or request npz");
    }

    @Test
    @DisplayName("asks the client to retry, instead of reporting an empty memory, if the store does not respond")
    void unavailableMemory() {
        server.deliver("cat");
        server.service.breakStore("the store is still being read");

        HttpResponse<byte[]> later = server.get("/v1/memory");

        Server.problem(later, 503, "not-ready");
        assertThat(later.headers().firstValue("Retry-After")).contains("1");
        Server.problem(server.get("/v1/memory/sample"), 503, "not-ready");
    }

    @Test
    @DisplayName("reports that the memory is still empty")
    void emptyMemory() {
        Server.problem(server.get("/v1/memory"), 404, "memory-empty");
        Server.problem(server.get("/v1/memory/sample"), 404, "memory-empty");
        assertThat(Server.json(server.get("/v1/classes"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/memory?", "/v1/memory/sample?seed=7&"})
    @DisplayName("serves bytes, or floats on request, and refuses other types")
    void dtype(String path) {
        server.deliver("dog", "cat");

        DistilledSet bytes = NpzFile.read(server.get(path).body(), "the memory");
        DistilledSet floats = NpzFile.read(server.get(path + "dtype=float32").body(), "the memory");

        assertThat(server.get(path + "dtype=uint8").body())
                .isEqualTo(server.get(path).body());
        assertThat(bytes.images().dtype()).isEqualTo(Dtype.UINT8);
        assertThat(floats.images().dtype()).isEqualTo(Dtype.FLOAT32);
        assertThat(bytes.images().toArray()).isEqualTo(floats.images().toArray()); // a real image is exact in bytes
        assertThat(Server.problem(server.get(path + "dtype=float16"), 400, "parameter-invalid"))
                .isEqualTo("the query parameter 'dtype' must be one of uint8, float32");
    }

    @Test
    @DisplayName("gives bytes and floats different ETags")
    void tags() {
        server.deliver("dog", "cat");
        String bytes = server.get("/v1/memory").headers().firstValue("ETag").orElseThrow();

        HttpResponse<byte[]> floats =
                server.send("/v1/memory?dtype=float32", request -> request.header("If-None-Match", bytes));

        assertThat(floats.statusCode()).isEqualTo(200);
        assertThat(floats.headers().firstValue("ETag")).isPresent().isNotEqualTo(Optional.of(bytes));
    }

    @Test
    @DisplayName("returns integer labels as integers, as long as all classes have such labels")
    void labelValues() throws IOException {
        byte[] batch = new NpzBytes()
                .array("images", "|u1", "(3, 2, 2)", new byte[12])
                .integers("labels", 9, -4, 9)
                .toBytes();
        server.post("/v1/samples", NPZ, batch);
        server.deliver("30", "9");

        for (String path : List.of("/v1/memory", "/v1/memory/sample")) {
            Map<String, byte[]> arrays = NpzArrays.of(server.get(path).body());
            assertThat(NpzArrays.integers(arrays, "label_values")).containsExactly(9L, -4L, 30L);
            assertThat(NpzArrays.integers(arrays, "class_index")).containsExactly(0L, 1L, 2L);
        }

        server.deliver("cat");
        assertThat(NpzArrays.of(server.get("/v1/memory").body())).containsOnlyKeys(NpzArrays.OF_MEMORY);

        server.service.forget("cat");
        assertThat(NpzArrays.of(server.get("/v1/memory").body())).containsKey("label_values");
    }
}
