package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.streams.decode.Pictures;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Pages of other sites")
@Timeout(60)
class ForeignSitesTest {

    @AutoClose
    private static final Server SERVER = Server.start();

    @ParameterizedTest
    @DisplayName("are refused by their Origin, which must be that of the service exactly")
    @ValueSource(
            strings = {
                "http://evil.example",
                "null",
                "http://localhost:2",
                "http://localhost",
                "http://sub.localhost:1",
                "http://evil.example://localhost:1",
                "http://evil.example/://localhost:1",
                "http://evil.example?://localhost:1",
                "http://evil.example#://localhost:1",
                "http://evil.example@localhost:1",
                "http://localhost:1/",
                "http://localhost:1 http://evil.example",
                "http://evil.example http://localhost:1",
                "ftp://localhost:1",
                "://localhost:1",
                "localhost:1",
                "",
                "http://",
                "http://localhost:99999999999",
                "http://löcalhost:1"
            })
    void byOrigin(String origin) {
        assertThat(answer("GET /v1/status", "localhost:1", "Origin: " + origin)).satisfies(ForeignSitesTest::refused);
    }

    @ParameterizedTest(name = "{0} for {1}")
    @DisplayName("do not include the service's own pages, whatever the case of the host and with default ports")
    @CsvSource({
        "http://localhost:1, localhost:1",
        "http://LocalHost:1, localHOST:1",
        "http://localhost,   localhost",
        "http://localhost,   localhost:80",
        "http://127.0.0.1:1, 127.0.0.1:1",
        "http://[::1]:1,     [::1]:1",
        "https://localhost,  localhost"
    })
    void ownPages(String origin, String host) {
        assertThat(answer("GET /v1/status", host, "Origin: " + origin)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    @DisplayName("are refused if only one of several Origin headers is foreign")
    void severalOrigins() {
        assertThat(answer("GET /v1/status", "localhost:1", "Origin: http://localhost:1\r\nOrigin: http://evil.example"))
                .satisfies(ForeignSitesTest::refused);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("are refused by Sec-Fetch-Site on every method and path")
    @CsvSource({
        "GET /v1/status",
        "HEAD /v1/memory",
        "GET /",
        "GET /livez",
        "GET /nowhere",
        "POST /v1/samples",
        "DELETE /v1/classes/a",
        "POST /v1/classes/a/seal",
        "OPTIONS /v1/samples"
    })
    void bySecFetchSite(String request) {
        for (String site : List.of("cross-site", "same-site")) {
            assertThat(answer(request, "localhost", "Sec-Fetch-Site: " + site)).startsWith("HTTP/1.1 403 ");
        }
        for (String site : List.of("same-origin", "none")) {
            assertThat(answer(request, "localhost", "Sec-Fetch-Site: " + site)).doesNotContain("foreign-site");
        }
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("can link to a runbook, but to nothing else")
    @CsvSource({
        "GET /runbooks/ReverieDown, navigate, document, 200",
        "GET /runbooks/ReverieDown, no-cors, script, 403",
        "GET /runbooks/ReverieDown, navigate, iframe, 403",
        "POST /runbooks/ReverieDown, navigate, document, 403",
        "GET /, navigate, document, 403",
        "GET /v1/status, navigate, document, 403"
    })
    void links(String request, String mode, String destination, int status) {
        String headers = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: " + mode + "\r\nSec-Fetch-Dest: " + destination;

        assertThat(answer(request, "localhost", headers)).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer(request, "evil.example", headers)).satisfies(ForeignSitesTest::refused);
        assertThat(answer(request, "localhost", headers + "\r\nOrigin: http://evil.example"))
                .satisfies(ForeignSitesTest::refused);
    }

    @Test
    @DisplayName("cannot send samples, and are told what to do")
    void samples() {
        HttpResponse<byte[]> response =
                SERVER.send("/v1/samples?label=a", request -> request.header("Content-Type", "image/png")
                        .header("Sec-Fetch-Site", "cross-site")
                        .POST(BodyPublishers.ofByteArray(Pictures.greyPng(4, 4))));

        assertThat(Server.problem(response, 403, "foreign-site")).contains("enter the address of the service");
        assertThat(Server.json(SERVER.get("/v1/classes"))).isEmpty();
    }

    @Test
    @DisplayName("cannot reach the service under another host name")
    void byHost() {
        for (String host : List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil.example")) {
            assertThat(answer("GET /v1/status", host, "X: y")).satisfies(ForeignSitesTest::refused);
        }
    }

    @ParameterizedTest
    @DisplayName("are forbidden to embed any response, even of a malformed request")
    @ValueSource(strings = {"GET /v1/status", "GET /", "GET /nowhere", "GET /v1/classes/%zz", "BREW /", "GET /livez"})
    void protectedResponses(String request) {
        assertThat(answer(request, "localhost", "X: y"))
                .containsIgnoringCase("\r\nCross-Origin-Resource-Policy: same-origin\r\n")
                .containsIgnoringCase("\r\nX-Content-Type-Options: nosniff\r\n");
    }

    @ParameterizedTest
    @DisplayName("cannot hide the header that follows one whose bytes are not UTF-8")
    @ValueSource(
            strings = {"Accept: \u00e9", "Accept-Language: a\u00f0\u009f", "X: \u00c3", "If-None-Match: \"\u00f7\""})
    void notUtf8(String header) {
        try (Connection connection = new Connection(SERVER.port())) {
            String request = "GET /v1/status HTTP/1.1\r\nHost: localhost\r\n" + header
                    + "\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n";

            String answer = connection
                    .send(request.getBytes(StandardCharsets.ISO_8859_1))
                    .readUntil("\r\n\r\n");

            assertThat(answer).matches("(?s)HTTP/1\\.1 40[03] .+");
        }
    }

    @ParameterizedTest
    @DisplayName("cannot send a second request as the body of one whose length is hidden")
    @ValueSource(
            strings = {"Content-Type: text/plain;x=\u00e9\r\nContent-Length: 65", "Accept: \u00f0\r\nContent-Length: 65"
            })
    void hiddenLength(String headers) {
        try (Connection connection = new Connection(SERVER.port())) {
            String requests = "POST /v1/status HTTP/1.1\r\nHost: localhost\r\n" + headers
                    + "\r\nOrigin: http://evil.example\r\n\r\n"
                    + "DELETE /v1/classes/victim HTTP/1.1\r\nHost: localhost\r\n\r\n";

            String answers = connection
                    .send(requests.getBytes(StandardCharsets.ISO_8859_1))
                    .rest();

            assertThat(answers).matches("(?s)HTTP/1\\.1 400 .+").containsOnlyOnce("HTTP/1.1 ");
        }
    }

    @Test
    @DisplayName("cannot pass an HTTP page off as a page of a service that uses HTTPS")
    void otherScheme() {
        OriginCheck https = new OriginCheck(false, Optional.of("https"));

        assertThat(violation(https, "reverie.example", "https://reverie.example"))
                .isEmpty();
        assertThat(violation(https, "reverie.example", "http://reverie.example"))
                .contains(OriginCheck.Violation.FOREIGN_PAGE);
    }

    @ParameterizedTest(name = "{0} for {1}")
    @DisplayName("are distinguished from the service's own pages by host and port, even if the host has an underscore")
    @CsvSource({
        "http://my_host:8080, my_host:8080, true",
        "http://my_host:8080, my_host:8081, false",
        "http://my_host:8080, my-host:8080, false",
        "http://my_host.evil.example, my_host, false"
    })
    void underscore(String origin, String host, boolean own) {
        assertThat(violation(new OriginCheck(false, Optional.empty()), host, origin)
                        .isEmpty())
                .isEqualTo(own);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("do not include a program that sends HTTP/1.0 without a Host header, as load balancers do")
    @CsvSource({"Accept: text/html, HTTP/1.1 200", "Origin: http://localhost, HTTP/1.1 403"})
    void withoutHost(String header, String answer) {
        try (Connection connection = new Connection(SERVER.port())) {
            assertThat(connection
                            .send("GET /livez HTTP/1.0\r\n" + header + "\r\n\r\n")
                            .rest())
                    .startsWith(answer);
        }
    }

    @Test
    @DisplayName("cannot name another host in a second Host header")
    void severalHosts() {
        Map<String, List<String>> headers = Map.of("Host", List.of("localhost", "evil.example"));

        assertThat(OriginCheck.local().violation(name -> headers.getOrDefault(name, List.of()), false))
                .contains(OriginCheck.Violation.FOREIGN_HOST);
    }

    private static Optional<OriginCheck.Violation> violation(OriginCheck check, String host, String origin) {
        Map<String, List<String>> headers = Map.of("Host", List.of(host), "Origin", List.of(origin));
        return check.violation(name -> headers.getOrDefault(name, List.of()), false);
    }

    private static void refused(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 403 ").contains("/problems/foreign-site");
    }

    private static String answer(String request, String host, String header) {
        try (Connection connection = new Connection(SERVER.port())) {
            return connection
                    .send(request + " HTTP/1.1\r\nHost: " + host + "\r\n" + header + "\r\nContent-Length: 0\r\n"
                            + "Connection: close\r\n\r\n")
                    .rest();
        }
    }
}
