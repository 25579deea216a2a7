package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The API answers a bad body with a problem")
@Timeout(60)
class BadBodiesTest {

    private static final String NPZ = "application/x-npz";
    private static final String LINES = "application/x-ndjson";
    private static final String FORM = "multipart/form-data; boundary=x";
    private static final byte[] PNG = Pictures.greyPng(4, 4);

    @AutoClose
    private static final Server SERVER = Server.start();

    static Stream<Arguments> badBodies() {
        byte[] batch = NpzBytes.greyImages(List.of("a", "b")).toBytes();
        String picture = "/v1/samples?label=a";
        String samples = "/v1/samples";
        return Stream.of(
                body("an empty NPZ", samples, NPZ, new byte[0], 400, "body-empty"),
                body("an empty picture", picture, "image/png", new byte[0], 400, "body-empty"),
                body("empty lines", samples, LINES, bytes("\n\n"), 400, "body-empty"),
                body("a truncated NPZ", samples, NPZ, Arrays.copyOf(batch, batch.length - 30), 400, "batch-invalid"),
                body("a truncated PNG", picture, "image/png", Arrays.copyOf(PNG, PNG.length - 1), 400, "image-invalid"),
                body("a pixel bomb", picture, "image/png", Pictures.claiming(30_000, 30_000, PNG), 413, "too-large"),
                body("no JSON", samples, LINES, bytes("nonsense"), 400, "json-invalid"),
                body("a line with a broken picture", samples, LINES, line("a", new byte[9]), 400, "image-invalid"),
                body("a label of 4 MB", samples, LINES, line("a".repeat(4_000_000), PNG), 422, "label-invalid"),
                body("no label", samples, "image/png", PNG, 400, "parameter-invalid"),
                body("an empty label", "/v1/samples?label=", "image/png", PNG, 422, "label-invalid"),
                body("a label of bad escapes", "/v1/samples?label=%ff", "image/png", PNG, 422, "label-invalid"),
                body("a label beside a batch", picture, NPZ, batch, 400, "parameter-invalid"),
                body("an id beside lines", samples + "?id=1", LINES, line("a", PNG), 400, "parameter-invalid"),
                body("a zero in a label", "/v1/samples?label=cat%00dog", "image/png", PNG, 422, "label-invalid"),
                body("a zero in an id", "/v1/samples?label=a&id=1%002", "image/png", PNG, 422, "id-invalid"),
                body("an id of bad escapes", "/v1/samples?label=a&id=%ff", "image/png", PNG, 422, "id-invalid"),
                body("text", picture, "text/plain", PNG, 415, "type-unsupported"),
                body("an empty form", samples, FORM, form(), 400, "body-empty"),
                body("nothing as a form", samples, FORM, new byte[0], 400, "body-empty"),
                body("no form", samples, FORM, bytes("image=1"), 400, "request-invalid"),
                body("a form without a boundary", samples, "multipart/form-data", form(), 400, "request-invalid"),
                body("a form without a label", samples, FORM, form("image", "1"), 400, "parameter-invalid"),
                body(
                        "too many labels",
                        samples,
                        FORM,
                        form("label", "a", "label", "b", "image", "1"),
                        400,
                        "parameter-invalid"),
                body(
                        "too few ids",
                        samples,
                        FORM,
                        form("id", "1", "label", "b", "image", "1", "image", "2"),
                        400,
                        "parameter-invalid"),
                body("an unknown field", samples, FORM, form("file", "1"), 400, "parameter-invalid"),
                body(
                        "a form with a bad label",
                        samples,
                        FORM,
                        form("label", "\u0001", "image", "1"),
                        422,
                        "label-invalid"),
                body("a form with a bad image", samples, FORM, form("label", "a", "image", "1"), 400, "image-invalid"),
                body("a label beside a form", picture, FORM, form("image", "1"), 400, "parameter-invalid"),
                body("a form of many fields", samples, FORM, form(manyFields()), 413, "too-large"),
                body("too many images", samples, NPZ, tooMany(), 413, "too-large"),
                body("more than 8 MiB", samples, NPZ, new byte[(8 << 20) + 1], 413, "too-large"));
    }

    private static byte[] form(String... fields) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            form.append("--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                    .formatted(fields[i], fields[i + 1]));
        }
        return bytes(form + "--x--");
    }

    private static String[] manyFields() {
        return Collections.nCopies(2 * (3 * 4096 + 1), "label").toArray(String[]::new);
    }

    private static Arguments body(String name, String path, String type, byte[] body, int status, String problem) {
        return Arguments.of(name, path, type, body, status, problem);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("that names the fault")
    @MethodSource("badBodies")
    void bodies(String name, String path, String type, byte[] body, int status, String problem) {
        int before = SERVER.refusals.size();

        Server.problem(SERVER.post(path, type, body), status, problem);

        assertThat(SERVER.refusals.subList(before, SERVER.refusals.size()))
                .extracting(Server.Refused::reason)
                .containsExactly(problem);
        assertThat(Server.json(SERVER.get("/v1/classes")))
                .as("nothing was taken in")
                .isEmpty();
    }

    static Stream<Arguments> knownSamples() {
        byte[] good = line("a", PNG);
        byte[] lines =
                Pictures.joined(Pictures.joined(good, bytes("\n \n")), Pictures.joined(line("a\\nb", PNG), good));
        byte[] labels = NpzBytes.greyImages(List.of("a", "a\nb", "b")).toBytes();
        byte[] ids = NpzBytes.greyImages(List.of("a", "b"))
                .texts("ids", List.of("1", "\n"))
                .toBytes();
        return Stream.of(
                Arguments.of("an NPZ with one bad label", NPZ, labels, 3),
                Arguments.of("an NPZ with one bad id", NPZ, ids, 2),
                Arguments.of("lines with one bad label", LINES, lines, 3),
                Arguments.of("lines of which one is no JSON", LINES, Pictures.joined(good, bytes("nonsense")), 2),
                Arguments.of("an NPZ that cannot be read", NPZ, Arrays.copyOf(labels, labels.length - 9), 1),
                Arguments.of("a picture", "image/png", corrupt(), 1),
                Arguments.of("a type not taken", "text/plain", labels, 1));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @DisplayName("and counts its samples as refused, or 1 sample if their number is unknown")
    @MethodSource("knownSamples")
    void counted(String name, String type, byte[] body, int samples) {
        SERVER.refusals.clear();

        SERVER.post(type.equals("image/png") ? "/v1/samples?label=a" : "/v1/samples", type, body);

        assertThat(SERVER.refusals).extracting(Server.Refused::samples).containsExactly(samples);
    }

    @Test
    @DisplayName("if it has 10 MB, even without a Content-Length")
    void oversized() {
        HttpResponse<byte[]> response = SERVER.send("/v1/samples", request -> request.header("Content-Type", NPZ)
                .POST(BodyPublishers.ofByteArrays(Collections.nCopies(10, new byte[1 << 20]))));

        Server.problem(response, 413, "too-large");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"Content-Length: 4294967296, begin", "Transfer-Encoding: chunked, 7fffffff|begin"})
    @DisplayName("if it or one of its chunks is larger than a body may be, without waiting for it")
    void enormous(String header, String beginning) {
        try (Connection connection = new Connection(SERVER.port())) {
            String answer = connection
                    .send("POST /v1/samples HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npz\r\n" + header
                            + "\r\n\r\n" + beginning.replace("|", "\r\n"))
                    .rest();
            assertThat(answer).startsWith("HTTP/1.1 413 ").contains("/problems/too-large");
        }
    }

    @Test
    @DisplayName("if it is compressed")
    void encoded() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[10 << 20]);
        }

        HttpResponse<byte[]> response = SERVER.send("/v1/samples", request -> request.header("Content-Type", NPZ)
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(bomb.toByteArray())));

        Server.problem(response, 415, "encoding-unsupported");
        assertThat(SERVER.refusals).contains(new Server.Refused("encoding-unsupported", 1));
        assertThat(response.headers().firstValue("Accept-Encoding")).contains("identity");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] line(String label, byte[] picture) {
        return bytes(Pictures.line(label, picture));
    }

    private static byte[] corrupt() {
        byte[] png = PNG.clone();
        png[45] ^= 1;
        return png;
    }

    private static byte[] tooMany() {
        return NpzBytes.greyImages(Collections.nCopies(4097, "a")).toBytes();
    }
}
