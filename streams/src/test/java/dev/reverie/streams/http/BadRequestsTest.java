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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The API answers a bad request with a problem that says what to do")
@Timeout(60)
class BadRequestsTest {

    private static final String NPZ = "application/x-npz";

    private static final String LINES = "application/x-ndjson";

    private static final byte[] PNG = Pictures.greyPng(4, 4);

    private static Server server;

    @BeforeAll
    static void start() {
        server = Server.start();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    static Stream<Arguments> badBodies() throws IOException {
        byte[] batch = NpzBytes.greyImages(List.of("a", "b")).toBytes();
        String picture = "/v1/samples?label=a";
        String samples = "/v1/samples";
        return Stream.of(
                body("an empty NPZ", samples, NPZ, new byte[0], 400, "body-empty"),
                body("an empty picture", picture, "image/png", new byte[0], 400, "body-empty"),
                body("empty lines", samples, LINES, bytes("\n\n"), 400, "body-empty"),
                body("a truncated NPZ", samples, NPZ, Arrays.copyOf(batch, batch.length - 30), 400, "batch-invalid"),
                body("a pickle", samples, NPZ, pickled(), 400, "batch-invalid"),
                body("a climbing name", samples, NPZ, climbing(), 400, "batch-invalid"),
                body("NaN", samples, NPZ, floats(Float.NaN), 400, "batch-invalid"),
                body("a float out of range", samples, NPZ, floats(255), 400, "batch-invalid"),
                body("a zip bomb", samples, NPZ, zipBomb(), 413, "too-large"),
                body("a truncated PNG", picture, "image/png", Arrays.copyOf(PNG, PNG.length - 1), 400, "image-invalid"),
                body("a corrupt PNG", picture, "image/png", corrupt(), 400, "image-invalid"),
                body(
                        "a truncated JPEG",
                        picture,
                        "image/jpeg",
                        Arrays.copyOf(Pictures.jpeg(8, 8), 300),
                        400,
                        "image-invalid"),
                body("a PNG said to be a JPEG", picture, "image/jpeg", PNG, 400, "image-invalid"),
                body("a pixel bomb", picture, "image/png", Pictures.claiming(30_000, 30_000, PNG), 413, "too-large"),
                body("a real pixel bomb", picture, "image/png", Pictures.blackPng(4096, 4096), 413, "too-large"),
                body("no JSON", samples, LINES, bytes("nonsense"), 400, "json-invalid"),
                body("a key twice", samples, LINES, bytes("{\"id\":\"1\",\"id\":\"2\"}"), 400, "json-invalid"),
                body("deep JSON", samples, LINES, bytes("[".repeat(100_000)), 400, "json-invalid"),
                body("a line with a broken picture", samples, LINES, line("a", new byte[9]), 400, "image-invalid"),
                body("a lone surrogate", samples, LINES, line("\\ud800", PNG), 422, "label-invalid"),
                body("a control character", samples, LINES, line("a\\u0007", PNG), 422, "label-invalid"),
                body("a label of 4 MB", samples, LINES, line("a".repeat(4_000_000), PNG), 422, "label-invalid"),
                body("no label", samples, "image/png", PNG, 400, "parameter-invalid"),
                body("an empty label", "/v1/samples?label=", "image/png", PNG, 422, "label-invalid"),
                body("a path for a label", "/v1/samples?label=..%2Fx", "image/png", PNG, 422, "label-invalid"),
                body("a reserved label", "/v1/samples?label=__other__", "image/png", PNG, 422, "label-invalid"),
                body("a label of bad escapes", "/v1/samples?label=%ff", "image/png", PNG, 422, "label-invalid"),
                body("a label beside a batch", picture, NPZ, batch, 400, "parameter-invalid"),
                body("an id beside lines", samples + "?id=1", LINES, line("a", PNG), 400, "parameter-invalid"),
                body("a zero in a label", "/v1/samples?label=cat%00dog", "image/png", PNG, 422, "label-invalid"),
                body("a zero in a label of a line", samples, LINES, line("cat\\u0000dog", PNG), 422, "label-invalid"),
                body("a zero in a label of an NPZ", samples, NPZ, texts("cat\0dog", "1"), 422, "label-invalid"),
                body("a zero in an id", "/v1/samples?label=a&id=1%002", "image/png", PNG, 422, "id-invalid"),
                body("a zero in an id of an NPZ", samples, NPZ, texts("cat", "1\0002"), 422, "id-invalid"),
                body("an id of bad escapes", "/v1/samples?label=a&id=%ff", "image/png", PNG, 422, "id-invalid"),
                body("an id not printable", "/v1/samples?label=a&id=%00", "image/png", PNG, 422, "id-invalid"),
                body("JSON", samples, "application/json", bytes("{}"), 415, "type-unsupported"),
                body("a form", samples, "multipart/form-data; boundary=x", bytes("--x--"), 415, "type-unsupported"),
                body("too many images", samples, NPZ, tooMany(), 413, "too-large"),
                body("more than 8 MiB", samples, NPZ, new byte[(8 << 20) + 1], 413, "too-large"));
    }

    private static Arguments body(String name, String path, String type, byte[] body, int status, String problem) {
        return Arguments.of(name, path, type, body, status, problem);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("for a bad body")
    @MethodSource("badBodies")
    void bodies(String name, String path, String type, byte[] body, int status, String problem) {
        int before = server.refusals.size();

        Server.problem(server.post(path, type, body), status, problem);

        assertThat(server.refusals.subList(before, server.refusals.size()))
                .extracting(Server.Refused::reason)
                .containsExactly(problem);
        assertThat(Server.json(server.get("/v1/classes")))
                .as("nothing was taken in")
                .isEmpty();
    }

    static Stream<Arguments> knownSamples() {
        byte[] good = line("a", PNG);
        byte[] lines = Pictures.joined(Pictures.joined(good, bytes("\n \n")), Pictures.joined(line("..", PNG), good));
        byte[] labels = NpzBytes.greyImages(List.of("a", "..", "b")).toBytes();
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
        server.refusals.clear();

        server.post(type.equals("image/png") ? "/v1/samples?label=a" : "/v1/samples", type, body);

        assertThat(server.refusals).extracting(Server.Refused::samples).containsExactly(samples);
    }

    @Test
    @DisplayName("for a body of 10 MB, even without a Content-Length")
    void oversized() {
        HttpResponse<byte[]> response = server.send("/v1/samples", request -> request.header("Content-Type", NPZ)
                .POST(BodyPublishers.ofByteArrays(Collections.nCopies(10, new byte[1 << 20]))));

        Server.problem(response, 413, "too-large");
    }

    @Test
    @DisplayName("for a body of 4 GiB, without waiting for it")
    void enormous() {
        try (Connection connection = new Connection(server.port())) {
            String answer = connection
                    .send("POST /v1/samples HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npz\r\n"
                            + "Content-Length: 4294967296\r\n\r\nbegin")
                    .rest();
            assertThat(answer).startsWith("HTTP/1.1 413 ").contains("/problems/too-large");
        }
    }

    @Test
    @DisplayName("for a compressed body")
    void encoded() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[10 << 20]);
        }

        HttpResponse<byte[]> response = server.send("/v1/samples", request -> request.header("Content-Type", NPZ)
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(bomb.toByteArray())));

        Server.problem(response, 415, "encoding-unsupported");
        assertThat(server.refusals).contains(new Server.Refused("encoding-unsupported", 1));
        assertThat(response.headers().firstValue("Accept-Encoding")).contains("identity");
    }

    @ParameterizedTest(name = "{0} {1}")
    @DisplayName("for a bad path or method")
    @CsvSource({
        "GET,    /nowhere,                404, not-found,          ''",
        "GET,    /v1,                     404, not-found,          ''",
        "GET,    /v1/classes/a/b/c,       404, not-found,          ''",
        "GET,    /v1/samples,             405, method-not-allowed, POST",
        "PUT,    /v1/classes/a,           405, method-not-allowed, 'DELETE, GET, HEAD'",
        "DELETE, /v1/memory,              405, method-not-allowed, 'GET, HEAD'",
        "POST,   /livez,                  405, method-not-allowed, 'GET, HEAD'",
        "OPTIONS, /v1/classes,            405, method-not-allowed, 'GET, HEAD'",
        "GET,    /v1/classes/a/seal,      405, method-not-allowed, 'DELETE, POST'"
    })
    void addresses(String method, String path, int status, String problem, String allow) {
        HttpResponse<byte[]> response = server.send(path, request -> request.method(method, BodyPublishers.noBody()));

        Server.problem(response, status, problem);
        assertThat(Stream.of(response.headers().firstValue("Allow").orElse("").split(", "))
                        .sorted())
                .containsExactly(allow.split(", "));
    }

    @Test
    @DisplayName("for a path with a slash at its end, which it says to omit")
    void trailingSlash() {
        assertThat(Server.problem(server.get("/v1/status/"), 404, "not-found")).contains("omit the slash at its end");
    }

    @Test
    @DisplayName("for a query parameter given twice, whose name it shows without invisible characters")
    void repeatedParameter() {
        assertThat(Server.problem(server.get("/v1/memory?%0Ax=1&%0Ax=2"), 400, "parameter-invalid"))
                .isEqualTo("the query parameter '\\u000ax' is given more than once: give it once");
        assertThat(server.get("/v1/status?&&").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("for malformed HTTP")
    @CsvSource(delimiter = ';', textBlock = """
            a long address;    GET /%AAAA% HTTP/1.1|Host: localhost||;                                                   414; uri-too-long
            a long header;     GET /livez HTTP/1.1|Host: localhost|X: %BBBB%||;                                          431; headers-too-large
            65 headers;        GET /livez HTTP/1.1|Host: localhost|%MANY%|;                                              400; request-invalid
            two hosts;         GET /livez HTTP/1.1|Host: localhost|Host: localhost|Connection: close||;                  400; request-invalid
            two tokens;        GET /livez HTTP/1.1|Host: localhost|Authorization: Bearer a|Authorization: Bearer b|Connection: close||; 400; request-invalid
            no host;           GET /livez HTTP/1.1||;                                                                    400; request-invalid
            two lengths;       POST /v1/samples HTTP/1.1|Host: localhost|Content-Length: 3|Content-Length: 4||abc;       400; request-invalid
            length and chunks; POST /v1/samples HTTP/1.1|Host: localhost|Content-Length: 3|Transfer-Encoding: chunked||0||; 400; request-invalid
            negative length;   POST /v1/samples HTTP/1.1|Host: localhost|Content-Length: -1||;                           400; request-invalid
            another protocol;  GET /livez HTTP/3.7|Host: localhost||;                                                    505; request-invalid
            an odd method;     BREW /livez HTTP/1.1|Host: localhost||;                                                   501; request-invalid
            broken escapes;    GET /v1/classes/%zz HTTP/1.1|Host: localhost||;                                           400; request-invalid
            """)
    void protocol(String name, String request, int status, String problem) {
        String text = request.replace("%AAAA%", "a".repeat(9000))
                .replace("%BBBB%", "b".repeat(9000))
                .replace("%MANY%", "X: y|".repeat(64))
                .replace("|", "\r\n");
        try (Connection connection = new Connection(server.port())) {
            assertThat(connection.send(text).rest())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("application/problem+json", "/problems/" + problem)
                    .doesNotContain("HTTP/1.1 200", "Server:");
        }
    }

    @Test
    @DisplayName("for more than 64 headers, but not for 64")
    void headers() {
        try (Connection connection = new Connection(server.port())) {
            String answer = connection
                    .send("GET /livez HTTP/1.1\r\nHost: localhost\r\n" + "X: y\r\n".repeat(62)
                            + "Connection: close\r\n\r\n")
                    .rest();
            assertThat(answer).startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("for a body with Expect: 100-continue, before the client sends it")
    @CsvSource({
        "/v1/samples, text/plain, 415, type-unsupported",
        "/v1/samples, image/png, 400, parameter-invalid",
        "/v1/samples?label=.., image/png, 422, label-invalid",
        "/v1/samples?label=a&id=, image/png, 422, id-invalid"
    })
    void expecting(String path, String type, int status, String problem) {
        try (Connection connection = new Connection(server.port())) {
            String answer = connection
                    .send("""
                            POST %s HTTP/1.1
                            Host: localhost
                            Content-Type: %s
                            Content-Length: 1000000
                            Expect: 100-continue

                            """.formatted(path, type).replace("\n", "\r\n"))
                    .rest();
            assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("/problems/" + problem);
        }
    }

    @Test
    @DisplayName("for a body with another expectation, after it has read the body that the client sends at once")
    void otherExpectation() {
        byte[] body = new byte[4 << 20];
        String head = "POST /v1/samples HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                + "Expect: more\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n\r\n";

        try (Connection connection = new Connection(server.port())) {
            assertThat(connection.send(head).send(body).rest())
                    .startsWith("HTTP/1.1 415 ")
                    .contains("/problems/type-unsupported");
        }
    }

    @Test
    @DisplayName("for a chunk that is larger than a body may be")
    void oversizedChunk() {
        try (Connection connection = new Connection(server.port())) {
            String answer = connection
                    .send("POST /v1/samples HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npz\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\nbegin")
                    .rest();
            assertThat(answer).startsWith("HTTP/1.1 413 ").contains("/problems/too-large");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] line(String label, byte[] picture) {
        return bytes(Pictures.line(label, picture));
    }

    private static byte[] texts(String label, String id) {
        return new NpzBytes()
                .array("images", "|u1", "(1, 2, 2)", new byte[4])
                .texts("labels", List.of(label))
                .texts("ids", List.of(id))
                .toBytes();
    }

    private static byte[] corrupt() {
        byte[] png = PNG.clone();
        png[45] ^= 1;
        return png;
    }

    private static byte[] floats(float value) {
        return new NpzBytes()
                .floats("images", "(1, 1, 1)", value)
                .integers("labels", 1)
                .toBytes();
    }

    private static byte[] pickled() {
        return new NpzBytes()
                .array("images", "|O", "(1, 2, 2)", bytes("cos\nsystem\n(S'true'\ntR."))
                .toBytes();
    }

    private static byte[] climbing() {
        return new NpzBytes().entry("../../images.npy", new byte[1]).toBytes();
    }

    private static byte[] zipBomb() {
        return new NpzBytes()
                .array("images", "|u1", "(20, 1024, 1024)", new byte[20 << 20])
                .toBytes();
    }

    private static byte[] tooMany() {
        return NpzBytes.greyImages(Collections.nCopies(4097, "a")).toBytes();
    }
}
