package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The HTTP API")
class ApiServerTest {

    private static final String NPZ = "application/x-npz";
    private static final String[] ARRAYS = {
        "images", "labels", "parameters", "parameter_labels", "factor", "mean", "std", "class_names", "class_index"
    };

    private Server server;

    @BeforeEach
    void start() {
        server = Server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    @DisplayName("accepts NPZ batches, pictures and JSON Lines, and reports how many samples were new")
    void ingest() {
        byte[] batch = NpzBytes.greyImages(List.of("cat", "dog"))
                .texts("ids", List.of("1", "2"))
                .toBytes();
        byte[] png = Pictures.greyPng(2, 2);

        assertAccepted(2, 0, server.post("/v1/samples", NPZ, batch));
        assertAccepted(0, 2, server.post("/v1/samples", NPZ, batch));
        assertAccepted(1, 0, server.post("/v1/samples?label=T%C3%BCcher&id=3", "image/png", png));
        assertAccepted(1, 0, server.post("/v1/samples?label=cat", "image/jpeg", Pictures.jpeg(2, 2)));
        assertAccepted(
                1,
                0,
                server.post(
                        "/v1/samples",
                        "application/x-ndjson",
                        Pictures.line("owl", png).getBytes(StandardCharsets.UTF_8)));
        assertThat(server.refusals).isEmpty();
    }

    @Test
    @DisplayName("reports every decoded or undecodable body, but none that it refuses before decoding")
    void decoding() {
        int before = server.decoded.get();

        server.post("/v1/samples?label=cat", "image/png", Pictures.greyPng(2, 2));
        server.post("/v1/samples?label=cat", "image/png", new byte[] {1, 2, 3});
        server.post("/v1/samples?label=cat", "text/plain", Pictures.greyPng(2, 2));

        assertThat(server.decoded.get() - before).isEqualTo(2);
    }

    private static void assertAccepted(int accepted, int duplicates, HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Server.json(response).toString())
                .isEqualTo("{\"accepted\":%d,\"duplicates\":%d}".formatted(accepted, duplicates));
    }

    @Test
    @DisplayName("accepts a body without a Content-Length")
    void chunked() {
        byte[] batch = NpzBytes.greyImages(List.of("cat")).toBytes();

        HttpResponse<byte[]> response = server.send("/v1/samples", request -> request.header("Content-Type", NPZ)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(batch))));

        assertAccepted(1, 0, response);
    }

    @Test
    @DisplayName("accepts a body in chunks of any size up to the body limit")
    void largeChunk() {
        byte[] images = new byte[2000 * 784];
        new Random(0).nextBytes(images);
        byte[] batch = new NpzBytes()
                .array("images", "|u1", "(2000, 28, 28)", images)
                .texts("labels", Collections.nCopies(2000, "cat"))
                .toBytes();
        String head = "POST /v1/samples HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + NPZ
                + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

        try (Connection connection = new Connection(server.port())) {
            connection
                    .send(head + Integer.toHexString(batch.length) + "\r\n")
                    .send(batch)
                    .send("\r\n0\r\n\r\n");

            assertThat(batch).hasSizeGreaterThan(1 << 20);
            assertThat(connection.readUntil("duplicates")).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    @DisplayName("lists classes in order of arrival, and finds one by its percent-encoded name")
    void classes() {
        send("dog", "Tücher und mehr", "猫");

        JsonNode all = Server.json(server.get("/v1/classes"));
        JsonNode one = Server.json(server.get("/v1/classes/T%C3%BCcher%20und%20mehr"));

        assertThat(all.findValuesAsText("label")).containsExactly("dog", "Tücher und mehr", "猫");
        assertThat(one).isEqualTo(all.get(1));
        assertThat(one.toString())
                .isEqualTo("{\"label\":\"Tücher und mehr\",\"index\":1,\"phase\":\"collecting\",\"seen\":1,"
                        + "\"reservoir\":1,\"images\":1,\"inner_loops\":0,\"matching_loss\":null,"
                        + "\"updated\":\"1970-01-01T00:00:00Z\",\"damaged\":false}");
        assertThat(server.get("/v1/classes/" + encoded("猫")).statusCode()).isEqualTo(200);
        Server.problem(server.get("/v1/classes/nobody"), 404, "unknown-class");
        Server.problem(server.get("/v1/classes/..%2F..%2Fetc%2Fpasswd"), 404, "unknown-class");
    }

    @Test
    @DisplayName("shows the images of a class as a picture")
    void classPicture() throws IOException {
        send("dog", "cat", "dog");

        HttpResponse<byte[]> picture = server.get("/v1/classes/dog/images.png");

        assertThat(picture.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(ImageIO.read(new ByteArrayInputStream(picture.body())).getWidth())
                .isGreaterThan(2 * 72);
        Server.problem(server.get("/v1/classes/owl/images.png"), 404, "unknown-class");
    }

    @Test
    @DisplayName("seals a class")
    void seals() {
        send("dog");

        JsonNode status =
                Server.json(server.send("/v1/classes/dog/seal", request -> request.POST(BodyPublishers.noBody())));

        assertThat(status.get("phase").asText()).isEqualTo("sealed");
        Server.problem(
                server.send("/v1/classes/owl/seal", request -> request.POST(BodyPublishers.noBody())),
                404,
                "unknown-class");
    }

    @Test
    @DisplayName("forgets a class entirely")
    void forgets() {
        send("dog", "cat");

        HttpResponse<byte[]> first = server.send("/v1/classes/dog", request -> request.DELETE());

        assertThat(first.statusCode()).isEqualTo(204);
        assertThat(first.body()).isEmpty();
        Server.problem(server.send("/v1/classes/dog", request -> request.DELETE()), 404, "unknown-class");
        assertThat(Server.json(server.get("/v1/classes")).findValuesAsText("label"))
                .containsExactly("cat");
    }

    @Test
    @DisplayName("serves the whole memory as NPZ, and 304 while it has not changed")
    void memory() throws IOException {
        send("dog", "cat");

        HttpResponse<byte[]> memory = server.get("/v1/memory");
        String tag = memory.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> again = server.send("/v1/memory", request -> request.header("If-None-Match", tag));
        for (String known : List.of("*", "\"other\", W/" + tag)) {
            assertThat(server.send("/v1/memory", request -> request.header("If-None-Match", known))
                            .statusCode())
                    .isEqualTo(304);
        }
        send("owl");
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
        send("dog", "cat");

        HttpResponse<byte[]> wall = server.get("/v1/memory?format=png");

        assertThat(wall.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(wall.headers().firstValue("ETag"))
                .isNotEqualTo(server.get("/v1/memory").headers().firstValue("ETag"));
        Server.problem(server.get("/v1/memory?format=gif"), 400, "parameter-invalid");
    }

    @Test
    @DisplayName("asks the client to retry, instead of reporting an empty memory, if the store does not respond")
    void unavailableMemory() {
        send("cat");
        server.service.breakStore("the store is still being read");

        HttpResponse<byte[]> later = server.get("/v1/memory");

        Server.problem(later, 503, "not-ready");
        assertThat(later.headers().firstValue("Retry-After")).contains("1");
        Server.problem(server.get("/v1/memory/sample"), 503, "not-ready");
    }

    @Test
    @DisplayName("asks the client to retry, instead of denying a class, if the images of the class can't be read")
    void unavailableClass() {
        send("cat", "dog");
        server.service.withholdImages("cat");

        Server.problem(server.get("/v1/classes/cat/images.png"), 503, "not-ready");
        Server.problem(server.get("/v1/memory/sample?classes=dog,cat"), 503, "not-ready");
        assertThat(server.get("/v1/memory/sample").statusCode()).isEqualTo(200);
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
        send("dog", "dog", "dog", "cat", "owl");

        HttpResponse<byte[]> batch = server.get("/v1/memory/sample?n=30&seed=7");
        Map<String, byte[]> arrays = arrays(batch.body());

        assertThat(batch.headers().firstValue("Content-Type")).contains(NPZ);
        assertThat(arrays).containsOnlyKeys(ARRAYS);
        assertThat(arrays.get("parameters")).isEqualTo(arrays.get("images"));
        assertThat(arrays.get("parameter_labels")).isEqualTo(arrays.get("labels"));
        assertThat(NpzFile.read(batch.body(), "the batch").factor()).isEqualTo(1);
        for (Long label : List.of(0L, 1L, 2L)) {
            assertThat(Collections.frequency(labels(arrays), label)).isEqualTo(10);
        }
        assertThat(server.get("/v1/memory/sample?n=30&seed=7").body()).isEqualTo(batch.body());
        assertThat(server.get("/v1/memory/sample?n=30&seed=8").body()).isNotEqualTo(batch.body());
        assertThat(labels(arrays(server.get("/v1/memory/sample").body()))).hasSize(64);
        assertThat(labels(arrays(
                        server.get("/v1/memory/sample?n=4&classes=owl,cat").body())))
                .containsExactlyInAnyOrder(1L, 1L, 2L, 2L);
    }

    @Test
    @DisplayName("refuses impossible batch parameters")
    void otherSamples() {
        send("dog");

        for (String query :
                List.of("n=0", "n=-1", "n=1000000000", "n=x", "seed=18446744073709551616", "seed=x", "n=1&n=2")) {
            Server.problem(server.get("/v1/memory/sample?" + query), 400, "parameter-invalid");
        }
        Server.problem(server.get("/v1/memory/sample?classes=dog,nobody"), 404, "unknown-class");
        Server.problem(server.get("/v1/memory/sample?classes="), 404, "unknown-class");
    }

    @Test
    @DisplayName("reports the totals of the service")
    void status() {
        send("dog", "cat");

        assertThat(Server.json(server.get("/v1/status")).toString())
                .isEqualTo("{\"samples\":2,\"classes\":2,\"inner_loops\":7,\"outer_iterations\":2,"
                        + "\"uptime_seconds\":1.5,\"worker\":\"idle\","
                        + "\"held_out\":{\"accuracy\":0.75,\"images\":200,\"classes\":2,\"left_out\":3,"
                        + "\"taken\":\"1970-01-01T00:16:40Z\",\"tested\":\"1970-01-01T00:17:10Z\"}}");
    }

    @Test
    @DisplayName("reports liveness and readiness, with the reasons if it is not ready")
    void health() {
        assertThat(server.get("/livez").statusCode()).isEqualTo(200);
        assertThat(server.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(Server.json(server.get("/readyz?verbose")).findValuesAsText("name"))
                .containsExactly("store", "worker");

        server.service.breakStore("has not answered for 10 s");

        HttpResponse<byte[]> notReady = server.get("/readyz?verbose");
        assertThat(Server.problem(notReady, 503, "not-ready")).isEqualTo("store: has not answered for 10 s");
        assertThat(notReady.headers().firstValue("Retry-After")).contains("1");
        assertThat(server.get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("reports no liveness if the service does not respond")
    void silence() {
        try (Server unresponsive = new Server(
                new SettingsBuilder().answerTime(Duration.ofMillis(50)).build(), BearerTokens.none())) {
            assertThat(Server.json(unresponsive.get("/livez")).toString()).isEqualTo("{\"alive\":true}");

            unresponsive.service.stopReplying();

            Server.problem(unresponsive.get("/livez"), 503, "not-ready");
        }
    }

    @Test
    @DisplayName("explains each problem type at its own URL, and serves additional routes")
    void further() {
        assertThat(Server.json(server.get("/problems/too-large")).get("status").asInt())
                .isEqualTo(413);
        Server.problem(server.get("/problems/none"), 404, "not-found");
        assertThat(server.get("/further").body()).asString().isEqualTo("more");
    }

    @Test
    @DisplayName("answers HEAD like GET, hides the server software, and forbids content sniffing")
    void headers() {
        send("dog");

        HttpResponse<byte[]> head = server.send("/v1/memory", request -> request.HEAD());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("ETag")).isPresent();
        assertThat(head.headers().firstValue("Server")).isEmpty();
        assertThat(head.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    private void send(String... labels) {
        byte[] batch = NpzBytes.greyImages(List.of(labels)).toBytes();
        assertThat(server.post("/v1/samples", NPZ, batch).statusCode()).isEqualTo(200);
    }

    private static String encoded(String label) {
        return URLEncoder.encode(label, StandardCharsets.UTF_8);
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

    private static List<Long> labels(Map<String, byte[]> arrays) {
        ByteBuffer npy =
                ByteBuffer.wrap(arrays.getOrDefault("labels", new byte[0])).order(ByteOrder.LITTLE_ENDIAN);
        npy.position(10 + npy.getShort(8));
        return Stream.generate(npy::getLong).limit(npy.remaining() / Long.BYTES).toList();
    }

    @Test
    @DisplayName("does not report totals while the store is being read, but is alive")
    void loading() {
        server.service.startLoading();

        Server.problem(server.get("/v1/status"), 503, "not-ready");
        assertThat(server.get("/livez").statusCode()).isEqualTo(200);
    }
}
