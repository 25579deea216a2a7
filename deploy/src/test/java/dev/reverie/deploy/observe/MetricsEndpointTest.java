package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.monitoring.MetricsServer;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The metrics of a running service")
class MetricsEndpointTest extends AbstractServiceMetricsTest {

    private static final ActorSystem SYSTEM = ActorSystem.create("metrics");
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    @AfterAll
    static void stop() {
        SYSTEM.terminate();
    }

    @Test
    @DisplayName("are served with the API, as OpenMetrics if the client accepts it, otherwise as text")
    void route() throws Exception {
        ServerBinding binding = Http.get(SYSTEM)
                .newServerAt("127.0.0.1", 0)
                .bind(metrics::scrape)
                .toCompletableFuture()
                .join();
        int port = binding.localAddress().getPort();

        HttpResponse<String> text = scrape(port, "*/*");
        HttpResponse<String> open = scrape(port, OPEN_METRICS);
        HttpResponse<String> preferred = scrape(port, "text/plain;q=0.1", OPEN_METRICS);

        assertThat(text.headers().firstValue("Content-Type"))
                .hasValueSatisfying(
                        type -> assertThat(type).startsWith("text/plain").contains("version=0.0.4"));
        assertThat(text.body())
                .contains("reverie_memory_images 10.0", "reverie_store_bytes 17.0", "jvm_memory_used_bytes");
        assertThat(open.headers().firstValue("Content-Type")).hasValueSatisfying(type -> assertThat(type)
                .startsWith("application/openmetrics-text")
                .contains("version=1.0.0"));
        assertThat(open.body()).endsWith("# EOF\n");
        assertThat(preferred.body()).endsWith("# EOF\n");
        binding.unbind();
    }

    @ParameterizedTest
    @DisplayName("are refused to web pages of other sites and under foreign host names on the separate port")
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: localhost\r\nOrigin: http://evil.example://localhost",
                "Host: localhost\r\nSec-Fetch-Site: cross-site"
            })
    void foreignPages(String headers) throws Exception {
        try (MetricsServer server = metrics.serve(0);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String request = "GET /metrics HTTP/1.0\r\n" + headers + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403 ")
                    .containsAnyOf("use localhost or 127.0.0.1 as the host", "enter the address of the metrics");
        }
    }
}
