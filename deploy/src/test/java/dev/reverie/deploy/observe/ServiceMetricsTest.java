package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.deploy.serve.CapturedLog;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.nvidia.GpuTelemetry;
import dev.reverie.monitoring.MetricsServer;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.ReadListener;
import dev.reverie.streams.service.StoreDamagedException;
import dev.reverie.streams.service.UnavailableException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The metrics of a running service")
class ServiceMetricsTest {

    private static final ActorSystem SYSTEM = ActorSystem.create("metrics");
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final OneClassService service = new OneClassService();
    private Instant now = Instant.ofEpochSecond(1000);
    private long nanos;
    private final ServiceMetrics metrics =
            new ServiceMetrics(100, () -> now, new SteadyClock(InstantSource.system(), () -> nanos));
    private final MemoryService counted = metrics.registerService(service, () -> OptionalLong.of(17));

    @AfterAll
    static void stop() {
        SYSTEM.terminate();
    }

    @Test
    @DisplayName("are served with the API, as OpenMetrics if the client accepts it, otherwise as text")
    void route() throws Exception {
        ServerBinding binding = Http.get(SYSTEM)
                .newServerAt("127.0.0.1", 0)
                .bind(metrics.route())
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

    @Test
    @DisplayName("count and time reads of the memory, and tell how old the memory was that they handed out")
    void reads() throws Exception {
        ReadListener.Read read = metrics.readListener().begin(ReadListener.Call.SAMPLE);
        ReadListener.Read refused = metrics.readListener().begin(ReadListener.Call.MEMORY);
        nanos += 2_000_000_000;
        read.end(200, 700, Optional.of(now.minusSeconds(40)));
        refused.end(503, 30, Optional.empty());

        assertThat(scraped())
                .contains(
                        "reverie_reads_total{call=\"sample\",code=\"200\"} 1.0",
                        "reverie_reads_total{call=\"memory\",code=\"200\"} 0.0",
                        "reverie_reads_total{call=\"memory\",code=\"503\"} 1.0",
                        "reverie_read_bytes_total{call=\"sample\"} 700.0",
                        "reverie_read_duration_seconds_sum{call=\"sample\"} 2.0",
                        "reverie_read_age_seconds_sum{call=\"sample\"} 40.0",
                        "reverie_read_age_seconds_count{call=\"memory\"} 0");
    }

    @Test
    @DisplayName("tell when samples of a class last arrived, until the class is forgotten")
    void lastArrival() throws Exception {
        String arrival = "reverie_class_last_arrival_timestamp_seconds{class=\"cat\"}";
        assertThat(scraped()).doesNotContain(arrival);

        counted.admit(delivery(IngestSource.HTTP));
        assertThat(scraped()).contains(arrival + " 1000.0");
        now = now.plusSeconds(60);
        counted.admit(delivery(IngestSource.KAFKA));
        assertThat(scraped()).contains(arrival + " 1060.0");

        metrics.telemetry().on(new TelemetryEvent.ClassPhaseChanged(0, "cat", Optional.empty()));
        assertThat(scraped()).doesNotContain(arrival);
    }

    @Test
    @DisplayName("count accepted, duplicate and refused samples by ingest source")
    void ingest() throws Exception {
        counted.admit(delivery(IngestSource.KAFKA));
        metrics.ingestListener().refused(IngestSource.HTTP, "label-invalid", 256);

        assertThat(scraped())
                .contains(
                        "reverie_ingest_samples_total{result=\"accepted\",source=\"kafka\"} 3.0",
                        "reverie_ingest_samples_total{result=\"duplicate\",source=\"kafka\"} 1.0",
                        "reverie_ingest_samples_total{result=\"rejected\",source=\"http\"} 256.0",
                        "reverie_ingest_rejected_total{reason=\"label-invalid\",source=\"http\"} 1.0");
    }

    @Test
    @DisplayName("show pending deliveries and the time until they are acknowledged")
    void pendingDeliveries() throws Exception {
        CompletableFuture<DeliveryOutcome> answer = service.holdDeliveries();

        counted.admit(delivery(IngestSource.FILE));
        assertThat(scraped())
                .contains(
                        "reverie_ingest_in_flight_deliveries{source=\"file\"} 1.0",
                        "reverie_ingest_in_flight_bytes{source=\"file\"} 271.0",
                        "reverie_ingest_ack_duration_seconds_count{source=\"file\"} 0");

        nanos += 31_000_000;
        answer.complete(new DeliveryOutcome.Accepted(1, 0));
        assertThat(scraped())
                .contains(
                        "reverie_ingest_in_flight_deliveries{source=\"file\"} 0.0",
                        "reverie_ingest_in_flight_bytes{source=\"file\"} 0.0",
                        "reverie_ingest_ack_duration_seconds_sum{source=\"file\"} 0.031");
    }

    @Test
    @DisplayName("do not count failed deliveries as pending, nor deferred ones as acknowledged")
    void failures() throws Exception {
        service.holdDeliveries().completeExceptionally(new IllegalStateException("broken"));
        counted.admit(delivery(IngestSource.HTTP));
        service.holdDeliveries()
                .complete(
                        new DeliveryOutcome.Deferred(DeliveryOutcome.Cause.OVERLOADED, "later", Duration.ofSeconds(1)));
        counted.admit(delivery(IngestSource.HTTP));

        assertThat(scraped())
                .contains(
                        "reverie_ingest_in_flight_deliveries{source=\"http\"} 0.0",
                        "reverie_ingest_ack_duration_seconds_count{source=\"http\"} 0");
    }

    @Test
    @DisplayName("time decoding by ingest source, even if the machine's clock is set")
    void decoding() throws Exception {
        try (IngestListener.DecodeTimer _ = metrics.ingestListener().decoding(IngestSource.KAFKA)) {
            nanos += 20_000_000;
        }
        try (IngestListener.DecodeTimer _ = metrics.ingestListener().decoding(IngestSource.KAFKA)) {
            now = now.plusSeconds(3600);
        }

        assertThat(scraped())
                .contains(
                        "reverie_ingest_decode_duration_seconds_count{source=\"kafka\"} 2",
                        "reverie_ingest_decode_duration_seconds_sum{source=\"kafka\"} 0.02");
    }

    @Test
    @DisplayName("show what waits at the ingest sources, and how the computing time is spent")
    void waitingAndComputing() throws Exception {
        metrics.registerPendingBytes(() -> 3000);
        metrics.registerConsumerLag(() -> 7);
        metrics.registerKernels(() -> Map.of("convolve", 1.5, "tail", 0.25));

        assertThat(scraped())
                .contains(
                        "reverie_http_in_hand_bytes 3000.0",
                        "reverie_kafka_lag_records 7.0",
                        "reverie_kernel_seconds_total{kernel=\"convolve\"} 1.5",
                        "reverie_kernel_seconds_total{kernel=\"tail\"} 0.25");
    }

    @Test
    @DisplayName("show the state of a GPU")
    void gpu() throws Exception {
        metrics.registerGpus(() -> List.of(new GpuTelemetry(
                3,
                OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.of(41),
                OptionalDouble.empty())));

        assertThat(scraped()).contains("reverie_gpu_temperature_celsius{gpu=\"3\"} 41.0");
    }

    @Test
    @DisplayName("show the progress of distilling a class")
    void learning() throws Exception {
        LearningEvents.events().forEach(metrics.telemetry()::on);

        assertThat(scraped())
                .contains(
                        "reverie_learning_info{method=\"dream\"} 1.0",
                        "reverie_match_block_distance{block=\"2\"} 2.0",
                        "reverie_synthetic_change_ratio{class=\"cat\"} 0.01",
                        "reverie_representatives_migration_ratio{class=\"cat\"} 0.25",
                        "reverie_representatives_mmd_ratio{class=\"cat\"} 0.375");
    }

    @Test
    @DisplayName("keep the last values of the classes while the service does not respond, with a warning")
    void serviceFails() throws Exception {
        assertThat(scraped()).contains("reverie_memory_images 10.0");

        service.fail(new UnavailableException("try again"));

        try (CapturedLog log = new CapturedLog(LatestSnapshot.class.getName())) {
            assertThat(scraped()).contains("reverie_memory_images 10.0", "reverie_store_damaged_classes 0.0");
            assertThat(log.take()).singleElement(STRING).startsWith("WARN ").contains("the last known values");
        }
    }

    @Test
    @DisplayName("claim nothing about damaged classes before the service has read its store, and warn of nothing")
    void unknownDamage() throws Exception {
        service.fail(new UnavailableException("the service is still reading its store"));

        try (CapturedLog log = new CapturedLog(LatestSnapshot.class.getName())) {
            assertThat(scraped())
                    .contains("reverie_memory_images 0.0")
                    .doesNotContain("reverie_store_damaged_classes ");
            assertThat(log.take()).singleElement(STRING).startsWith("INFO The metrics contain no class until ");
        }
    }

    @Test
    @DisplayName("show that classes are damaged if the list of classes is damaged, and no class is served")
    void damagedList() throws Exception {
        service.fail(new StoreDamagedException("the list of classes in the store is damaged"));

        assertThat(scraped()).contains("reverie_store_damaged_classes 1.0");
    }

    @Test
    @DisplayName("show when the representatives of a class were last chosen, until it is forgotten")
    void representatives() throws Exception {
        String age = "reverie_representatives_updated_timestamp_seconds{class=\"cat\"} ";
        assertThat(scraped()).doesNotContain(age);

        LearningEvents.events().forEach(metrics.telemetry()::on);
        assertThat(scraped()).contains(age + "1000.0");

        metrics.telemetry().on(new TelemetryEvent.ClassPhaseChanged(0, "cat", Optional.empty()));
        assertThat(scraped()).doesNotContain(age);
    }

    @Test
    @DisplayName("forward all other requests to the service")
    void transparent() {
        assertThat(counted.admit(delivery(IngestSource.HTTP))
                        .toCompletableFuture()
                        .join())
                .isEqualTo(new DeliveryOutcome.Accepted(3, 1));
        assertThat(counted.classes().toCompletableFuture().join())
                .isEqualTo(service.classes().toCompletableFuture().join());
        assertThat(counted.classNamed("cat").toCompletableFuture().join()).isPresent();
        assertThat(counted.status().toCompletableFuture().join().worker()).isEqualTo("idle");
        assertThat(counted.readiness().toCompletableFuture().join().ready()).isTrue();
        assertThat(counted.memory().toCompletableFuture().join()).isEmpty();
        assertThat(counted.seal("cat").toCompletableFuture().join()).isEmpty();
        assertThat(counted.forget("cat").toCompletableFuture().join()).isFalse();
    }

    @ParameterizedTest
    @DisplayName("refuses web pages of other sites and foreign host names on the separate port")
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

    private static Delivery delivery(IngestSource source) {
        Image image = Image.of(new ImageShape(1, 3, 4), new byte[12]);
        return new Delivery(source, List.of(new Sample("cat", Optional.empty(), image)));
    }

    private String scraped() throws Exception {
        try (MetricsServer server = metrics.serve(0)) {
            return scrape(server.port(), "text/plain").body();
        }
    }

    private static HttpResponse<String> scrape(int port, String... accept) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"));
        Stream.of(accept).forEach(value -> request.header("Accept", value));
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }
}
