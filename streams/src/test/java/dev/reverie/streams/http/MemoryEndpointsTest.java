package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.coded.PictureFormat;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.service.ReadListener.Call;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
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
    @DisplayName("serves the pictures of all classes in a zip, which decode to the arrays of the NPZ")
    void zip() throws IOException {
        server.service.codeBy(new Coding(PictureFormat.JPEG, 60, OptionalLong.empty()));
        server.deliver("dog", "cat");

        HttpResponse<byte[]> zip = server.get("/v1/memory?format=zip");

        assertThat(zip.headers().firstValue("Content-Type")).contains("application/zip");
        assertThat(zip.headers().firstValue("ETag"))
                .isNotEqualTo(server.get("/v1/memory").headers().firstValue("ETag"));
        Map<String, byte[]> entries = entries(zip.body());
        assertThat(entries).containsOnlyKeys("memory.json", "0.jpg", "1.jpg");
        JsonNode memory = new ObjectMapper().readTree(entries.get("memory.json"));
        assertThat(memory.at("/classes/0/label").textValue()).isEqualTo("dog");
        assertThat(memory.at("/classes/0/file").textValue()).isEqualTo("0.jpg");
        DistilledSet npz = NpzFile.read(server.get("/v1/memory").body(), "the memory");
        assertThat(memory.at("/classes/1/images").intValue()
                        + memory.at("/classes/0/images").intValue())
                .isEqualTo(npz.parameters().count());
        assertThat(firstImage(
                        entries.getOrDefault("0.jpg", new byte[0]),
                        npz.parameters().shape()))
                .isEqualTo(npz.parameters().pick(List.of(0)).toLevels());
        Server.problem(server.get("/v1/memory?format=zip&dtype=float32"), 400, "parameter-invalid");
        Server.problem(server.get("/v1/memory?format=packed"), 400, "parameter-invalid");
    }

    private static Map<String, byte[]> entries(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        return entries;
    }

    /** Decodes the image in the top left corner of a picture. */
    private static byte[] firstImage(byte[] picture, ImageShape shape) throws IOException {
        Raster raster = ImageIO.read(new ByteArrayInputStream(picture)).getRaster();
        byte[] levels = new byte[shape.size()];
        for (int i = 0; i < levels.length; i++) {
            int pixel = i % shape.planeSize();
            levels[i] = (byte) raster.getSample(pixel % shape.width(), pixel / shape.width(), i / shape.planeSize());
        }
        return levels;
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

    @ParameterizedTest
    @ValueSource(strings = {"dtype=float32", "labels=dense"})
    @DisplayName("gives arrays with other values different ETags")
    void tags(String query) {
        server.deliver("dog", "cat");
        String usual = server.get("/v1/memory").headers().firstValue("ETag").orElseThrow();

        HttpResponse<byte[]> other =
                server.send("/v1/memory?" + query, request -> request.header("If-None-Match", usual));

        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.headers().firstValue("ETag")).isPresent().isNotEqualTo(Optional.of(usual));
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
