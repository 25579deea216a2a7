package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A request that cannot be meant is answered with a problem that says what to do")
@Timeout(60)
class BadRequestsTest {

    private static Server server;

    @BeforeAll
    static void start() {
        server = Server.start();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @ParameterizedTest(name = "{0} {1}")
    @DisplayName("by address and method")
    @CsvSource({
        "GET,    /nowhere,                404, not-found,          ''",
        "GET,    /v1,                     404, not-found,          ''",
        "GET,    /v1/classes/a/b/c,       404, not-found,          ''",
        "GET,    /v1/samples,             405, method-not-allowed, POST",
        "PUT,    /v1/classes/a,           405, method-not-allowed, 'DELETE, GET'",
        "DELETE, /v1/memory,              405, method-not-allowed, GET",
        "POST,   /livez,                  405, method-not-allowed, GET",
        "GET,    /v1/classes/a/seal,      405, method-not-allowed, POST"
    })
    void addresses(String method, String path, int status, String problem, String allow) {
        HttpResponse<byte[]> response = server.send(path, request -> request.method(method, BodyPublishers.noBody()));

        Server.problem(response, status, problem);
        assertThat(Stream.of(response.headers().firstValue("Allow").orElse("").split(", "))
                        .sorted())
                .containsExactly(allow.split(", "));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("by what is no proper HTTP")
    @CsvSource(delimiter = ';', textBlock = """
            a long address;    GET /%AAAA% HTTP/1.1|Host: localhost||;                                                   414; uri-too-long
            a long header;     GET /livez HTTP/1.1|Host: localhost|X: %BBBB%||;                                          431; headers-too-large
            many headers;      GET /livez HTTP/1.1|Host: localhost|%MANY%|;                                              400; request-invalid
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
                .replace("%MANY%", "X: y|".repeat(70))
                .replace("|", "\r\n");
        try (Connection connection = new Connection(server.port())) {
            assertThat(connection.send(text).rest())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("application/problem+json", "/problems/" + problem)
                    .doesNotContain("HTTP/1.1 200", "Server:");
        }
    }

    @Test
    @DisplayName("with a body that is not sent before somebody wants it: it is refused without being sent")
    void expecting() {
        try (Connection connection = new Connection(server.port())) {
            String answer = connection.send("""
                            POST /v1/samples HTTP/1.1
                            Host: localhost
                            Content-Type: text/plain
                            Content-Length: 1000000
                            Expect: 100-continue

                            """.replace("\n", "\r\n")).rest();
            assertThat(answer).startsWith("HTTP/1.1 415 ").contains("/problems/type-unsupported");
        }
    }

    @Test
    @DisplayName("by a page of another site, or under a name that is not this machine's")
    void foreignSites() {
        for (String header : List.of("Origin: http://evil.example", "Origin: null", "Host: evil.example")) {
            String host = header.startsWith("Host") ? "" : "Host: localhost\r\n";
            try (Connection connection = new Connection(server.port())) {
                assertThat(connection
                                .send("GET /v1/status HTTP/1.1\r\n" + host + header + "\r\nConnection: close\r\n\r\n")
                                .rest())
                        .startsWith("HTTP/1.1 403 ")
                        .contains("/problems/foreign-site");
            }
        }
        try (Connection connection = new Connection(server.port())) {
            assertThat(connection
                            .send(String.join(
                                    "\r\n",
                                    "GET /v1/status HTTP/1.1",
                                    "Host: localhost:1",
                                    "Origin: http://localhost:1",
                                    "Connection: close",
                                    "",
                                    ""))
                            .rest())
                    .startsWith("HTTP/1.1 200 ");
        }
    }
}
