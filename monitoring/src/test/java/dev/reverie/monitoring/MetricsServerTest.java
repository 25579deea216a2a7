package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.Collector;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The metrics server")
class MetricsServerTest {

    private static final int PATIENCE_MILLIS = 60_000;

    private MetricsServer server;

    @BeforeEach
    void start() throws IOException {
        server = MetricsServer.start(0, (_, _) -> Optional.empty());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    @DisplayName("responds in OpenMetrics if the request accepts it")
    void openMetrics() throws Exception {
        HttpResponse<String> response = Scrape.of(server, "/metrics", Scrape.OPEN_METRICS);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(response.body()).endsWith("# EOF\n");
    }

    @Test
    @DisplayName("responds in Prometheus's text format otherwise")
    void text() throws Exception {
        HttpResponse<String> response = Scrape.of(server, "/metrics", "*/*");

        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(response.body()).doesNotContain("# EOF");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            application/openmetrics-text;version=1.0.0;q=0.6, text/plain;q=0.4, */*;q=0.2 | application/openmetrics-text
            text/plain, Application/OpenMetrics-Text; charset=utf-8                       | application/openmetrics-text
            application/openmetrics-text;q=0, application/json                            | text/plain
            application/openmetrics-text;q=0.2, text/plain;q=0.9                          | text/plain
            application/openmetrics-text;q=0.2, text/*                                    | text/plain
            """)
    @DisplayName("responds in the format that the request prefers")
    void preferredFormat(String accept, String type) throws Exception {
        HttpResponse<String> response = Scrape.of(server, "/metrics", accept);

        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(sent -> assertThat(sent).startsWith(type));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            gzip                  | gzip
            deflate, GZip         | gzip
            gzip;q=0.5, deflate   | gzip
            gzip, identity;q=0.5  | gzip
            gzip;q=0.5, identity  |
            gzip;q=0, *           |
            gzip;q=x              |
            *                     | gzip
            identity              |
            gzip;q=0              |
            gzip;q=0.000          |
            gzipped               |
            """)
    @DisplayName("compresses its response if the request accepts gzip and does not prefer no encoding")
    void gzip(String accepted, @Nullable String encoding) throws Exception {
        HttpResponse<byte[]> response = get("/metrics", "Accept-Encoding", accepted);

        assertThat(response.headers().firstValue("Content-Encoding")).isEqualTo(Optional.ofNullable(encoding));
        byte[] content = encoding == null
                ? response.body()
                : new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
        assertThat(new String(content, StandardCharsets.UTF_8)).contains("# TYPE jvm_threads_current gauge");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "/metrics?name[]=jvm_threads_daemon, 1",
        "/metrics?name%5B%5D=jvm_threads_daemon&name[]=jvm_threads_current, 2",
        "/metrics?other=1&name[]=jvm%5fthreads_daemon, 1",
        "/metrics?name[]=unknown, 0"
    })
    @DisplayName("returns only the metrics that the request names")
    void names(String path, int count) throws Exception {
        HttpResponse<byte[]> response = get(path.replace("[]", "%5B%5D"), "Accept", Scrape.TEXT);

        assertThat(new String(response.body(), StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.startsWith("# TYPE"))
                .hasSize(count);
    }

    @Test
    @DisplayName("serves the runbook of every alert as text")
    void runbooks() throws Exception {
        for (String alert : AlertRules.names()) {
            HttpResponse<String> response = Scrape.of(server, "/runbooks/" + alert, "*/*");

            assertThat(response.statusCode()).as(alert).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
            assertThat(response.body()).startsWith("# " + alert + "\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/runbooks/", "/runbooks/Reverie", "/runbooks/../Runbooks", "/runbooks/ReverieDown.md"})
    @DisplayName("has no other runbooks")
    void otherRunbooks(String path) throws Exception {
        assertThat(Scrape.of(server, path, Scrape.TEXT).statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName("answers requests that its policy refuses with 403, whatever their path")
    void refused() throws Exception {
        try (MetricsServer strict = MetricsServer.start(
                0,
                (_, headers) ->
                        headers.apply("Accept").contains("x/y") ? Optional.of("no x/y here") : Optional.empty())) {
            for (String path : new String[] {"/metrics", "/nowhere"}) {
                HttpResponse<String> response = Scrape.of(strict, path, "x/y");

                assertThat(response.statusCode()).isEqualTo(403);
                assertThat(response.body()).isEqualTo("no x/y here\n");
            }
            assertThat(Scrape.of(strict, "/metrics", Scrape.TEXT).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/nowhere"})
    @DisplayName("forbids other origins to embed its responses")
    void protectedResponses(String path) throws Exception {
        HttpHeaders headers = Scrape.of(server, path, Scrape.TEXT).headers();

        assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).contains("same-origin");
        assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept", "Accept-Encoding", "Origin", "X-Other"})
    @DisplayName("responds to requests with any bytes in their headers")
    void anyBytes(String header) throws Exception {
        for (int b = 0x80; b <= 0xFF; b++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                String request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + ": "
                        + (char) b + "\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));

                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .startsWith("HTTP/1.1 200 ");
            }
        }
    }

    private HttpResponse<byte[]> get(String path, String header, String value) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI address = URI.create("http://localhost:" + server.port() + path);
            return client.send(
                    HttpRequest.newBuilder(address).header(header, value).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics/", "/metricsfoo", "/-/healthy"})
    @DisplayName("answers every other path with 404 and the path of the metrics")
    void otherPaths(String path) throws Exception {
        HttpResponse<String> response = Scrape.of(server, path, Scrape.TEXT);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("the metrics are at /metrics\n");
    }

    @Test
    @DisplayName("answers HEAD with the headers of the metrics and no body")
    void head() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI address = URI.create("http://localhost:" + server.port() + "/metrics");
            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(address).HEAD().build(), HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
            assertThat(response.headers().firstValue("Content-Length")).isPresent();
            assertThat(response.body()).isEmpty();
        }
    }

    @Test
    @DisplayName("refuses other methods than GET and HEAD")
    void otherMethods() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI address = URI.create("http://localhost:" + server.port() + "/metrics");
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(address)
                            .POST(HttpRequest.BodyPublishers.ofString("x"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
        }
    }

    @Test
    @DisplayName("answers a failed scrape with 500 and continues")
    void failingScrape() throws Exception {
        server.registry().register((Collector) () -> {
            throw new IllegalStateException("broken");
        });

        HttpResponse<String> response = Scrape.of(server, "/metrics", Scrape.TEXT);

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("the scrape failed: see the log for the cause\n");
        assertThat(Scrape.of(server, "/", Scrape.TEXT).statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName("closes a connection whose request does not arrive")
    void lateRequest() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write("GET /met".getBytes(StandardCharsets.US_ASCII));

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    @DisplayName("refuses a connection beyond the maximum number")
    void tooManyConnections() throws Exception {
        List<Socket> open = new ArrayList<>();
        try {
            // given
            for (int i = 0; i < MetricsServer.MAX_CONNECTIONS; i++) {
                Socket socket = connect();
                open.add(socket);
                assertThat(isAnswered(socket)).isTrue();
            }

            // then
            try (Socket further = connect()) {
                assertThat(isAnswered(further)).isFalse();
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static boolean isAnswered(Socket socket) {
        try {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    @DisplayName("listens only on the loopback interface")
    void loopback() throws Exception {
        for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress address : Collections.list(network.getInetAddresses())) {
                if (!address.isLoopbackAddress() && address instanceof Inet4Address) {
                    assertThatThrownBy(() -> new Socket(address, server.port()).close())
                            .isInstanceOf(ConnectException.class);
                }
            }
        }
    }

    @Test
    @DisplayName("reports that a port is in use")
    void portInUse() {
        assertThatThrownBy(() -> MetricsServer.start(server.port(), (_, _) -> Optional.empty()))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("already in use");
    }

    @Test
    @DisplayName("frees its port when it is closed")
    void close() throws Exception {
        int port = server.port();
        server.close();

        MetricsServer.start(port, (_, _) -> Optional.empty()).close();
    }

    @Test
    @DisplayName("has its own registry, so that one JVM can run two servers")
    void ownRegistry() throws Exception {
        new DistillationMetrics(server.registry(), InstantSource.system());
        try (MetricsServer other = MetricsServer.start(0, (_, _) -> Optional.empty())) {
            new DistillationMetrics(other.registry(), InstantSource.system());
            assertThat(other.registry()).isNotSameAs(server.registry());
        }
    }
}
