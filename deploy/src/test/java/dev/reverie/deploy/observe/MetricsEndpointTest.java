package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The metrics of a running service")
class MetricsEndpointTest extends AbstractServiceMetricsTest {

    private static final ActorSystem SYSTEM = ActorSystem.create("metrics");

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

        HttpResponse<String> text = Scrape.of(port, "*/*");
        HttpResponse<String> open = Scrape.of(port, Scrape.OPEN_METRICS);
        HttpResponse<String> preferred = Scrape.of(port, "text/plain;q=0.1", Scrape.OPEN_METRICS);

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
}
