package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.PackedNpzFile;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.service.ReadListener.Call;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The HTTP API for the memory")
class MemoryEndpointsTest {

    private static final String NPZ = "application/x-npz";

    private static final String[] ARRAYS = {"images", "labels", "factor", "mean", "std", "class_names", "class_index"};

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
        for (String known : List.of("*", "\"other\", W/" + tag)) {
            assertThat(server.send("/v1/memory", request -> request.header("If-None-Match", known))
                            .statusCode())
                    .isEqualTo(304);
        }
        server.deliver("owl");
        HttpResponse<byte[]> changed = server.send("/v1/memory", request -> request.header("If-None-Match", tag));

        assertThat(memory.headers().firstValue("Content-Type")).contains(NPZ);
        assertThat(arrays(memory.body())).containsOnlyKeys(ARRAYS);
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

    @Test
    @DisplayName("draws balanced batches with the arrays of a memory, the same for the same seed")
    void sample() throws IOException {
        server.deliver("dog", "dog", "dog", "cat", "owl");

        HttpResponse<byte[]> batch = server.get("/v1/memory/sample?n=30&seed=7");
        Map<String, byte[]> arrays = arrays(batch.body());

        assertThat(batch.headers().firstValue("Content-Type")).contains(NPZ);
        assertThat(arrays).containsOnlyKeys(ARRAYS);
        assertThat(NpzFile.read(batch.body(), "the batch").factor()).isEqualTo(1);
        for (Long label : List.of(0L, 1L, 2L)) {
            assertThat(Collections.frequency(integers(arrays, "labels"), label)).isEqualTo(10);
        }
        assertThat(server.get("/v1/memory/sample?n=30&seed=7").body()).isEqualTo(batch.body());
        assertThat(server.get("/v1/memory/sample?n=30&seed=8").body()).isNotEqualTo(batch.body());
        assertThat(integers(arrays(server.get("/v1/memory/sample").body()), "labels"))
                .hasSize(64);
        assertThat(integers(
                        arrays(server.get("/v1/memory/sample?n=4&classes=owl,cat")
                                .body()),
                        "labels"))
                .containsExactlyInAnyOrder(1L, 1L, 2L, 2L);
    }

    @Test
    @DisplayName("limits a batch of large images to 64 MiB, even if the client asks for no number")
    void largeImages() throws IOException {
        Image megapixel = Image.of(new ImageShape(1, 1024, 1024), new byte[1 << 20]);
        server.service.admit(new Delivery(IngestSource.HTTP, List.of(new Sample("cat", Optional.empty(), megapixel))));

        byte[] bytes = server.get("/v1/memory/sample").body();
        byte[] floats = server.get("/v1/memory/sample?dtype=float32").body();
        HttpResponse<byte[]> tooMany = server.get("/v1/memory/sample?n=65");

        assertThat(integers(arrays(bytes), "labels")).hasSize(64);
        assertThat(integers(arrays(floats), "labels")).hasSize(16);
        assertThat(Server.problem(tooMany, 400, "parameter-invalid")).contains("'n' must be at most 64");
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

    @ParameterizedTest
    @CsvSource({
        "'', false",
        "identity, false",
        "br, false",
        "gzip;q=0, false",
        "gzip, true",
        "'deflate, gzip;q=0.5', true",
        "'gzip, identity;q=0.5', true",
        "'identity, gzip;q=0.5', false",
        "'gzip;q=0, *', false",
        "*, true",
        "gzip;q=high, false"
    })
    @DisplayName("compresses the arrays of a batch only for clients that accept gzip, and those of the memory always")
    void compression(String accepted, boolean compressed) throws IOException {
        server.deliver("dog", "cat");
        HttpResponse<byte[]> batch = server.send(
                "/v1/memory/sample?seed=7",
                request -> accepted.isEmpty() ? request : request.header("Accept-Encoding", accepted));

        assertThat(batch.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(methods(batch.body())).containsOnly(compressed ? ZipEntry.DEFLATED : ZipEntry.STORED);
        assertThat(methods(server.get("/v1/memory").body())).containsOnly(ZipEntry.DEFLATED);
        assertThat(arrays(batch.body()).get("images"))
                .isEqualTo(arrays(server.get("/v1/memory/sample?seed=7").body()).get("images"));
    }

    private static List<Integer> methods(byte[] npz) throws IOException {
        List<Integer> methods = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(npz))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                methods.add(entry.getMethod());
            }
        }
        return methods;
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
            Map<String, byte[]> arrays = arrays(server.get(path).body());
            assertThat(integers(arrays, "label_values")).containsExactly(9L, -4L, 30L);
            assertThat(integers(arrays, "class_index")).containsExactly(0L, 1L, 2L);
        }

        server.deliver("cat");
        assertThat(arrays(server.get("/v1/memory").body())).containsOnlyKeys(ARRAYS);

        server.service.forget("cat");
        assertThat(arrays(server.get("/v1/memory").body())).containsKey("label_values");
    }

    @Test
    @DisplayName("refuses impossible batch parameters")
    void otherSamples() {
        server.deliver("dog");

        for (String query :
                List.of("n=0", "n=-1", "n=1000000000", "n=x", "seed=18446744073709551616", "seed=x", "n=1&n=2")) {
            Server.problem(server.get("/v1/memory/sample?" + query), 400, "parameter-invalid");
        }
        Server.problem(server.get("/v1/memory/sample?classes=dog,nobody"), 404, "unknown-class");
        Server.problem(server.get("/v1/memory/sample?classes="), 404, "unknown-class");
    }

    private static Map<String, byte[]> arrays(byte[] npz) throws IOException {
        Map<String, byte[]> arrays = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(npz))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                arrays.put(entry.getName().replace(".npy", ""), zip.readAllBytes());
            }
        }
        return arrays;
    }

    private static List<Long> integers(Map<String, byte[]> arrays, String name) {
        ByteBuffer npy = ByteBuffer.wrap(arrays.getOrDefault(name, new byte[0])).order(ByteOrder.LITTLE_ENDIAN);
        npy.position(10 + npy.getShort(8));
        return Stream.generate(npy::getLong).limit(npy.remaining() / Long.BYTES).toList();
    }
}
