package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.Collector;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The metrics server")
class MetricsServerTest {

    private MetricsServer server;

    @BeforeEach
    void start() throws IOException {
        server = MetricsServer.start(0);
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

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics/", "/metricsfoo", "/-/healthy"})
    @DisplayName("answers every other path with 404 and the path of the metrics")
    void otherPaths(String path) throws Exception {
        HttpResponse<String> response = Scrape.of(server, path, Scrape.TEXT);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("the metrics are at /metrics\n");
    }

    @Test
    @DisplayName("refuses other methods than GET")
    void otherMethods() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI address = URI.create("http://localhost:" + server.port() + "/metrics");
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(address)
                            .POST(HttpRequest.BodyPublishers.ofString("x"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains("GET");
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
        assertThatThrownBy(() -> MetricsServer.start(server.port()))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("already in use");
    }

    @Test
    @DisplayName("frees its port when it is closed")
    void close() throws Exception {
        int port = server.port();
        server.close();

        MetricsServer.start(port).close();
    }

    @Test
    @DisplayName("has its own registry, so that one JVM can run two servers")
    void ownRegistry() throws Exception {
        new DistillationMetrics(server.registry(), InstantSource.system());
        try (MetricsServer other = MetricsServer.start(0)) {
            new DistillationMetrics(other.registry(), InstantSource.system());
            assertThat(other.registry()).isNotSameAs(server.registry());
        }
    }
}
