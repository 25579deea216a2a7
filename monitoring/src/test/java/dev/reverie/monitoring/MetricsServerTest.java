package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

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
    @DisplayName("speaks OpenMetrics to who accepts it")
    void openMetrics() throws Exception {
        HttpResponse<String> response = Scrape.of(server, "/metrics", Scrape.OPEN_METRICS);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(response.body()).endsWith("# EOF\n");
    }

    @Test
    @DisplayName("speaks Prometheus's text format otherwise")
    void text() throws Exception {
        HttpResponse<String> response = Scrape.of(server, "/metrics", "*/*");

        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(response.body()).doesNotContain("# EOF");
    }

    @Test
    @DisplayName("says where the metrics are to who asks elsewhere")
    void elsewhere() throws Exception {
        HttpResponse<String> response = Scrape.of(server, "/", Scrape.TEXT);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("the metrics are at /metrics\n");
    }

    @Test
    @DisplayName("refuses a port in use")
    void portInUse() {
        assertThatThrownBy(() -> MetricsServer.start(server.port())).isInstanceOf(BindException.class);
    }

    @Test
    @DisplayName("has a registry of its own, so that two can live in one JVM")
    void ownRegistry() throws Exception {
        new DistillationMetrics(server.registry(), InstantSource.system());
        try (MetricsServer other = MetricsServer.start(0)) {
            new DistillationMetrics(other.registry(), InstantSource.system());
            assertThat(other.registry()).isNotSameAs(server.registry());
        }
    }
}
