package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The API answers a bad request with a problem that says what to do")
@Timeout(60)
class BadRequestsTest {

    @AutoClose
    private static final Server SERVER = Server.start();

    @ParameterizedTest(name = "{0} {1}")
    @DisplayName("for a bad path or method")
    @CsvSource({
        "GET,    /nowhere,                404, not-found,          ''",
        "GET,    /v1,                     404, not-found,          ''",
        "GET,    /v1/classes/a/b/c,       404, not-found,          ''",
        "GET,    /v1/samples,             405, method-not-allowed, POST",
        "PUT,    /v1/classes/a,           405, method-not-allowed, 'DELETE, GET, HEAD, PATCH'",
        "DELETE, /v1/memory,              405, method-not-allowed, 'GET, HEAD'",
        "POST,   /livez,                  405, method-not-allowed, 'GET, HEAD'",
        "OPTIONS, /v1/classes,            405, method-not-allowed, 'GET, HEAD'",
        "GET,    /v1/classes/a/seal,      405, method-not-allowed, 'DELETE, POST'"
    })
    void addresses(String method, String path, int status, String problem, String allow) {
        HttpResponse<byte[]> response = SERVER.send(path, request -> request.method(method, BodyPublishers.noBody()));

        Server.problem(response, status, problem);
        assertThat(Stream.of(response.headers().firstValue("Allow").orElse("").split(", "))
                        .sorted())
                .containsExactly(allow.split(", "));
    }

    @Test
    @DisplayName("for a path with a slash at its end, which it says to omit")
    void trailingSlash() {
        assertThat(Server.problem(SERVER.get("/v1/status/"), 404, "not-found")).contains("omit the slash at its end");
    }

    @Test
    @DisplayName("for a query parameter given twice, whose name it shows without invisible characters")
    void repeatedParameter() {
        assertThat(Server.problem(SERVER.get("/v1/memory?%0Ax=1&%0Ax=2"), 400, "parameter-invalid"))
                .isEqualTo("the query parameter '\\u000ax' is given more than once: give it once");
        assertThat(SERVER.get("/v1/status?&&").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("for malformed HTTP")
    @CsvSource(delimiter = ';', textBlock = """
            a long address;    GET /%AAAA% HTTP/1.1|Host: localhost||;                                                   414; uri-too-long
            a long header;     GET /livez HTTP/1.1|Host: localhost|X: %BBBB%||;                                          431; headers-too-large
            long headers;      GET /livez HTTP/1.1|Host: localhost|%LONG%|;                                              431; headers-too-large
            65 headers;        GET /livez HTTP/1.1|Host: localhost|%MANY%|;                                              400; request-invalid
            two hosts;         GET /livez HTTP/1.1|Host: localhost|Host: localhost|Connection: close||;                  400; request-invalid
            two tokens;        GET /livez HTTP/1.1|Host: localhost|Authorization: Bearer a|Authorization: Bearer b|Connection: close||; 400; request-invalid
            no host;           GET /livez HTTP/1.1||;                                                                    400; request-invalid
            two lengths;       POST /v1/samples HTTP/1.1|Host: localhost|Content-Length: 3|Content-Length: 4||abc;       400; request-invalid
            length and chunks; POST /v1/samples HTTP/1.1|Host: localhost|Content-Length: 3|Transfer-Encoding: chunked||0||; 400; request-invalid
            body of a HEAD;    HEAD /livez HTTP/1.1|Host: localhost|Content-Length: 3||abc;                              400; request-invalid
            chunks of a TRACE; TRACE /livez HTTP/1.1|Host: localhost|Transfer-Encoding: chunked||0||;                    400; request-invalid
            negative length;   POST /v1/samples HTTP/1.1|Host: localhost|Content-Length: -1||;                           400; request-invalid
            another protocol;  GET /livez HTTP/3.7|Host: localhost||;                                                    505; request-invalid
            an odd method;     BREW /livez HTTP/1.1|Host: localhost||;                                                   501; request-invalid
            broken escapes;    GET /v1/classes/%zz HTTP/1.1|Host: localhost||;                                           400; request-invalid
            """)
    void protocol(String name, String request, int status, String problem) {
        String text = request.replace("%AAAA%", "a".repeat(9000))
                .replace("%BBBB%", "b".repeat(9000))
                .replace("%LONG%", ("X: " + "b".repeat(8000) + "|").repeat(5))
                .replace("%MANY%", "X: y|".repeat(64))
                .replace("|", "\r\n");
        try (Connection connection = new Connection(SERVER.port())) {
            assertThat(connection.send(text).rest())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("application/problem+json", "/problems/" + problem)
                    .doesNotContain("HTTP/1.1 200", "Server:");
        }
    }

    @ParameterizedTest(name = "{1} of {0} characters")
    @CsvSource({"1, 62", "8000, 3"})
    @DisplayName("for more than 64 headers or 32 KiB of them, but not for 64 headers or 24 KiB")
    void headers(int length, int count) {
        try (Connection connection = new Connection(SERVER.port())) {
            String answer = connection
                    .send("GET /livez HTTP/1.1\r\nHost: localhost\r\n"
                            + ("X: " + "b".repeat(length) + "\r\n").repeat(count) + "Connection: close\r\n\r\n")
                    .rest();
            assertThat(answer).startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("for a body with Expect: 100-continue, before the client sends it")
    @CsvSource({
        "/v1/samples, text/plain, 415, type-unsupported",
        "/v1/samples, image/png, 400, parameter-invalid",
        "/v1/samples?label=%00, image/png, 422, label-invalid",
        "/v1/samples?label=a&id=, image/png, 422, id-invalid",
        "/v1/samples?label=%00, application/octet-stream, 422, label-invalid",
        "/v1/samples?label=a&id=, application/octet-stream, 422, id-invalid"
    })
    void expecting(String path, String type, int status, String problem) {
        try (Connection connection = new Connection(SERVER.port())) {
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

        try (Connection connection = new Connection(SERVER.port())) {
            assertThat(connection.send(head).send(body).rest())
                    .startsWith("HTTP/1.1 415 ")
                    .contains("/problems/type-unsupported");
        }
    }
}
