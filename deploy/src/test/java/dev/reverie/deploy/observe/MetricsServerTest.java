package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.reverie.monitoring.MetricsExposition;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The metrics server")
class MetricsServerTest {

    private static final int PATIENCE_MILLIS = 60_000;

    private final PrometheusRegistry registry = new MetricsExposition().registry();

    @AutoClose
    private MetricsServer server;

    @BeforeEach
    void start() throws IOException {
        server = MetricsServer.start(0, registry);
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
            gzip                  | gzip
            deflate, gzip         | gzip
            identity              |
            """)
    @DisplayName("compresses its response if the request accepts gzip")
    void gzip(String accepted, @Nullable String encoding) throws Exception {
        HttpResponse<byte[]> response =
                Scrape.send(server, "/metrics", request -> request.header("Accept-Encoding", accepted));

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
        HttpResponse<byte[]> response =
                Scrape.send(server, path.replace("[]", "%5B%5D"), request -> request.header("Accept", Scrape.TEXT));

        assertThat(new String(response.body(), StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.startsWith("# TYPE"))
                .hasSize(count);
    }

    @Test
    @DisplayName("serves the runbook of every alert as text")
    void runbooks() throws Exception {
        for (String alert : runbookNames()) {
            HttpResponse<String> response = Scrape.of(server, "/runbooks/" + alert, "*/*");

            assertThat(response.statusCode()).as(alert).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
            assertThat(response.body()).startsWith("# " + alert + "\n");
        }
    }

    private static List<String> runbookNames() throws IOException {
        try (Stream<Path> pages = Files.list(Path.of("..", "docs", "runbooks"))) {
            return pages.map(page -> page.getFileName().toString().replace(".md", ""))
                    .filter(name -> !name.equals("README"))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/runbooks/", "/runbooks/Reverie", "/runbooks/../Runbooks", "/runbooks/ReverieDown.md"})
    @DisplayName("has no other runbooks")
    void otherRunbooks(String path) throws Exception {
        assertThat(Scrape.of(server, path, Scrape.TEXT).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: localhost\r\nOrigin: http://evil.example://localhost",
                "Host: localhost\r\nSec-Fetch-Site: cross-site"
            })
    @DisplayName("refuses web pages of other sites and foreign host names, whatever their path")
    void foreignPages(String headers) throws Exception {
        for (String path : List.of("/metrics", "/nowhere", "/runbooks/ReverieDown")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                String request = "GET " + path + " HTTP/1.0\r\n" + headers + "\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 403 ")
                        .containsAnyOf("use localhost or 127.0.0.1 as the host", "enter the address of the metrics");
            }
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
    @CsvSource({"Accept, 200", "Accept-Encoding, 200", "Origin, 403", "X-Other, 200"})
    @DisplayName("responds to requests with any bytes in their headers")
    void anyBytes(String header, int status) throws Exception {
        for (int b = 0x80; b <= 0xFF; b++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                String request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + ": "
                        + (char) b + "\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));

                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .startsWith("HTTP/1.1 " + status + " ");
            }
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
        HttpResponse<byte[]> response = Scrape.send(server, "/metrics", request -> request.HEAD());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        assertThat(response.headers().firstValue("Content-Length")).isPresent();
        assertThat(response.body()).isEmpty();
    }

    @Test
    @DisplayName("refuses other methods than GET and HEAD")
    void otherMethods() throws Exception {
        HttpResponse<byte[]> response =
                Scrape.send(server, "/metrics", request -> request.POST(HttpRequest.BodyPublishers.ofString("x")));

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @Test
    @DisplayName("answers a failed scrape with 500 and continues")
    void failingScrape() throws Exception {
        registry.register((Collector) () -> {
            throw new IllegalStateException("broken");
        });

        HttpResponse<String> response = Scrape.of(server, "/metrics", Scrape.TEXT);

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).startsWith("An internal error").doesNotContain("broken");
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
            for (int i = 0; i < MetricsServer.MAX_CONNECTIONS; i++) {
                Socket socket = connect();
                open.add(socket);
                assertThat(isAnswered(socket)).isTrue();
            }

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

    private static boolean isAnswered(Socket socket) throws IOException {
        try {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (SocketException _) {
            return false;
        }
    }

    @Test
    @DisplayName("listens only on the loopback interface")
    void loopback() throws Exception {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .toList();
        assumeFalse(others.isEmpty());

        for (InetAddress address : others) {
            try (Socket socket = new Socket()) {
                assertThatThrownBy(() -> socket.connect(new InetSocketAddress(address, server.port()), PATIENCE_MILLIS))
                        .isInstanceOf(ConnectException.class);
            }
        }
    }

    @Test
    @DisplayName("frees its port when it is closed")
    void close() throws Exception {
        int port = server.port();
        server.close();

        MetricsServer.start(port, registry).close();
    }
}
