package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.monitoring.MetricsExposition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The metrics server")
class MetricsFormatTest {

    @AutoClose
    private MetricsServer server;

    @BeforeEach
    void start() throws IOException {
        server = MetricsServer.start(0, new MetricsExposition().registry());
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
}
