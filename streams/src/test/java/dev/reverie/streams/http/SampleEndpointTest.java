package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The HTTP API for samples")
class SampleEndpointTest {

    private static final String NPZ = "application/x-npz";

    @AutoClose
    private final Server server = Server.start();

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
    @DisplayName("accepts arrays of a class, and asks for the layout if neither the shape nor the memory decides it")
    void arrays() {
        byte[] stack = NpzBytes.npy("|u1", "False", "(3, 4, 4)", new byte[48]);
        byte[] three = NpzBytes.npy("|u1", "False", "(2, 4, 4, 3)", new byte[96]);
        String npy = "application/x-npy";

        assertThat(Server.problem(server.post("/v1/samples?label=cat", npy, stack), 400, "batch-invalid"))
                .isEqualTo("the body has shape [3, 4, 4], which can be 3 images of 1x4x4 or 1 image of 3x4x4 with"
                        + " channels-first: reshape it to [images, channels, height, width] or, over HTTP, add"
                        + " layout=channels-first or layout=channels-last to the query");
        assertAccepted(1, 0, server.post("/v1/samples?label=cat&layout=channels-first", npy, stack));
        assertAccepted(1, 0, server.post("/v1/samples?label=cat", npy, stack));
        assertAccepted(2, 0, server.post("/v1/samples?label=cat", npy, three));
        for (String query : List.of("", "?label=cat&id=1", "?label=cat&layout=first")) {
            Server.problem(server.post("/v1/samples" + query, npy, stack), 400, "parameter-invalid");
        }
        Server.problem(
                server.post("/v1/samples?label=cat&layout=channels-last", "image/png", Pictures.greyPng(2, 2)),
                400,
                "parameter-invalid");
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Application/X-NDJSON",
                "application/x-ndjson; charset=UTF-8",
                "application/x-ndjson;charset=us-ascii"
            })
    @DisplayName("takes the type of a body in upper or lower case, and lines of JSON with a charset that is UTF-8")
    void types(String type) {
        byte[] lines = Pictures.line("owl", Pictures.greyPng(2, 2)).getBytes(StandardCharsets.UTF_8);

        assertThat(server.post("/v1/samples", type, lines).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"image/jpeg", "image/x-icon", "application/octet-stream", "application/x-www-form-urlencoded"})
    @DisplayName("takes a picture for what its bytes say, whatever type is declared")
    void typesOfPictures(String type) {
        assertAccepted(1, 0, server.post("/v1/samples?label=cat", type, Pictures.greyPng(2, 2)));
    }

    static Stream<Arguments> largePictures() {
        return Stream.of(
                Arguments.of("a PNG of 64 Mi pixels", Pictures.largePng(8192), 200, ""),
                Arguments.of("a JPEG", Pictures.jpeg(2400, 1800), 200, ""),
                Arguments.of("a progressive JPEG", Pictures.progressiveJpeg(2400, 1800), 200, ""),
                Arguments.of("a TIFF", Pictures.tiff(2400, 1800, "LZW"), 200, ""),
                Arguments.of(
                        "a TIFF with a JPEG inside",
                        Pictures.tiff(2400, 1800, "JPEG"),
                        400,
                        "the body is a TIFF with a JPEG inside: save it with another compression, or as a JPEG"),
                Arguments.of("a WebP of 23 Mi pixels", Pictures.webp(4800), 413, """
                        the body has 4800x4800 pixels that can only be decoded all at once: save it as a JPEG that is \
                        not progressive, or scale it down"""));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("largePictures")
    @DisplayName("takes large pictures to resize them, or refuses them with advice and takes the next one")
    void large(String name, byte[] picture, int status, String advice) {
        Resizing resizing = new Resizing(new TargetSize(8, 4), Resizing.Fit.CROP);
        try (Server resized = new Server(HttpSettings.on(0).withResizing(Optional.of(resizing)), BearerTokens.none())) {
            HttpResponse<byte[]> response = resized.post("/v1/samples?label=cat", "image/*", picture);

            assertThat(response.statusCode()).isEqualTo(status);
            if (status != 200) {
                String problem = status == 400 ? "image-invalid" : "too-large";
                assertThat(Server.problem(response, status, problem)).isEqualTo(advice);
            }
            assertAccepted(1, 0, resized.post("/v1/samples?label=cat", "image/png", Pictures.greyPng(9, 9)));
            assertThat(resized.service.accepted("cat"))
                    .hasSize(status == 200 ? 2 : 1)
                    .allSatisfy(sample ->
                            assertThat(sample.image().shape().toString()).endsWith("x4x8"));
            resized.awaitNothingPending();
        }
    }

    @Test
    @DisplayName("takes a picture without a declared type")
    void pictureWithoutType() {
        assertAccepted(
                1,
                0,
                server.send(
                        "/v1/samples?label=cat",
                        request -> request.POST(BodyPublishers.ofByteArray(Pictures.greyPng(2, 2)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/octet-stream", "application/x-www-form-urlencoded", "none/none"})
    @DisplayName("takes arrays and lines of JSON for what their bytes say if no type is declared")
    void undeclaredTypes(String type) {
        byte[] png = Pictures.greyPng(2, 2);

        assertAccepted(1, 0, server.post("/v1/samples", type, bytes(Pictures.line("owl", png))));
        assertAccepted(
                2,
                0,
                server.post(
                        "/v1/samples",
                        type,
                        NpzBytes.greyImages(List.of("cat", "dog")).toBytes()));
        assertAccepted(
                1,
                0,
                server.post("/v1/samples?label=cat", type, NpzBytes.npy("|u1", "False", "(1, 4, 4)", new byte[16])));
        assertThat(server.post("/v1/samples", type, png).statusCode()).isEqualTo(400);
    }

    @Test
    @DisplayName("accepts a form with a label and several pictures, or a label and an id for each, in any order")
    void forms() {
        byte[] png = Pictures.greyPng(2, 2);
        byte[] jpeg = Pictures.jpeg(2, 2);

        assertAccepted(2, 0, postForm(field("label", bytes("cat")), field("image", png), field("image", jpeg)));
        assertAccepted(
                2,
                0,
                postForm(
                        field("image", png),
                        field("image", png),
                        field("label", bytes("Tücher")),
                        field("id", bytes("1")),
                        field("label", bytes("cat")),
                        field("id", bytes("2"))));
        assertAccepted(0, 1, postForm(field("image", png), field("label", bytes("cat")), field("id", bytes("2"))));
    }

    private HttpResponse<byte[]> postForm(byte[]... fields) {
        byte[] form = Stream.of(fields).reduce(new byte[0], Pictures::joined);
        return server.post(
                "/v1/samples", "multipart/form-data; boundary=\"a b\"", Pictures.joined(form, bytes("--a b--")));
    }

    private static byte[] field(String name, byte[] value) {
        String head = "--a b\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"x.txt\"\r\n\r\n";
        return Pictures.joined(Pictures.joined(bytes(head), value), bytes("\r\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("refuses lines of JSON with another charset, instead of reading them wrongly")
    void otherCharset() {
        byte[] lines = Pictures.line("owl", Pictures.greyPng(2, 2)).getBytes(StandardCharsets.UTF_16);

        HttpResponse<byte[]> response = server.post("/v1/samples", "application/x-ndjson; charset=utf-16", lines);

        assertThat(Server.problem(response, 415, "type-unsupported")).contains("send the body in UTF-8");
    }

    @Test
    @DisplayName("accepts a body that is said to be not encoded, in any words")
    void identity() {
        HttpResponse<byte[]> response =
                server.send("/v1/samples?label=cat", request -> request.header("Content-Type", "image/png")
                        .header("Content-Encoding", "Identity, identity")
                        .POST(BodyPublishers.ofByteArray(Pictures.greyPng(2, 2))));

        assertAccepted(1, 0, response);
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
}
