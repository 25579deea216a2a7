package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Admission;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.Door;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.monitoring.MetricsServer;
import dev.reverie.streams.service.MemoryService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The metrics of a running service")
class ServiceMetricsTest {

    private static final ActorSystem SYSTEM = ActorSystem.create("metrics");
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final OneClassService service = new OneClassService();
    private final ServiceMetrics metrics = new ServiceMetrics(200, () -> Instant.ofEpochSecond(1000));
    private final MemoryService observed = metrics.observing(service, () -> OptionalLong.of(17));

    @AfterAll
    static void stop() {
        SYSTEM.terminate();
    }

    @Test
    @DisplayName("are served with the API, in OpenMetrics to who accepts it, else as text")
    void route() throws Exception {
        ServerBinding binding = Http.get(SYSTEM)
                .newServerAt("127.0.0.1", 0)
                .bind(metrics.route())
                .toCompletableFuture()
                .join();
        int port = binding.localAddress().getPort();

        HttpResponse<String> text = scrape(port, "*/*");
        HttpResponse<String> open = scrape(port, OPEN_METRICS);

        assertThat(text.headers().firstValue("Content-Type"))
                .hasValueSatisfying(
                        type -> assertThat(type).startsWith("text/plain").contains("version=0.0.4"));
        assertThat(text.body())
                .contains("reverie_memory_images 10.0", "reverie_store_bytes 17.0", "jvm_memory_used_bytes");
        assertThat(open.headers().firstValue("Content-Type")).hasValueSatisfying(type -> assertThat(type)
                .startsWith("application/openmetrics-text")
                .contains("version=1.0.0"));
        assertThat(open.body()).endsWith("# EOF\n");
        binding.unbind();
    }

    @Test
    @DisplayName("count what the service admits and what the doors refuse")
    void ingest() throws Exception {
        Image image = Image.of(new ImageShape(1, 1, 1), new byte[1]);

        observed.admit(new Delivery(Door.KAFKA, List.of(new Sample("cat", Optional.empty(), image))));
        metrics.refusals().refused(Door.HTTP, "label-invalid", 256);

        assertThat(scraped())
                .contains(
                        "reverie_ingest_samples_total{result=\"accepted\",source=\"kafka\"} 3.0",
                        "reverie_ingest_samples_total{result=\"duplicate\",source=\"kafka\"} 1.0",
                        "reverie_ingest_samples_total{result=\"rejected\",source=\"http\"} 256.0",
                        "reverie_ingest_rejected_total{reason=\"label-invalid\",source=\"http\"} 1.0");
    }

    @Test
    @DisplayName("show the classes as they were while the service does not tell")
    void inTrouble() throws Exception {
        assertThat(scraped()).contains("reverie_memory_images 10.0");

        service.fail();

        assertThat(scraped()).contains("reverie_memory_images 10.0");
    }

    @Test
    @DisplayName("tell when the representatives of a class were last chosen, until it is forgotten")
    void representatives() throws Exception {
        String age = "reverie_representatives_updated_timestamp_seconds{class=\"cat\"} ";
        assertThat(scraped()).doesNotContain(age);

        metrics.telemetry().on(new TelemetryEvent.RepresentativesChosen(
                        0, 0, 0, 32, 1.5, OptionalDouble.empty(), OptionalDouble.empty(), 0.25));
        assertThat(scraped()).contains(age + "1000.0");

        metrics.telemetry().on(new TelemetryEvent.ClassPhaseChanged(0, "cat", Optional.empty()));
        assertThat(scraped()).doesNotContain(age);
    }

    @Test
    @DisplayName("hand every other question on to the service")
    void transparent() {
        assertThat(observed.admit(new Delivery(
                                Door.HTTP,
                                List.of(new Sample(
                                        "cat", Optional.empty(), Image.of(new ImageShape(1, 1, 1), new byte[1])))))
                        .toCompletableFuture()
                        .join())
                .isEqualTo(new Admission.Accepted(3, 1));
        assertThat(observed.classes().toCompletableFuture().join())
                .isEqualTo(service.classes().toCompletableFuture().join());
        assertThat(observed.classNamed("cat").toCompletableFuture().join()).isPresent();
        assertThat(observed.status().toCompletableFuture().join().worker()).isEqualTo("idle");
        assertThat(observed.readiness().toCompletableFuture().join().ready()).isTrue();
        assertThat(observed.memory().toCompletableFuture().join()).isEmpty();
        assertThat(observed.seal("cat").toCompletableFuture().join()).isEmpty();
        assertThat(observed.forget("cat").toCompletableFuture().join()).isFalse();
    }

    private String scraped() throws Exception {
        try (MetricsServer server = metrics.serve(0)) {
            return scrape(server.port(), "text/plain").body();
        }
    }

    private static HttpResponse<String> scrape(int port, String accept) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"))
                            .header("Accept", accept)
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
