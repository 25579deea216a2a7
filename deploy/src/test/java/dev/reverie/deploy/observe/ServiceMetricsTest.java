package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.CapturedLog;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.IngestListener.Refused;
import dev.reverie.streams.service.ReadListener;
import dev.reverie.streams.service.ServiceException.StoreDamagedException;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The metrics of a running service")
class ServiceMetricsTest {

    private static final ActorSystem SYSTEM = ActorSystem.create("metrics");

    private final OneClass service = new OneClass();
    private Instant now = Instant.ofEpochSecond(1000);
    private long nanos;
    private final ServiceMetrics metrics =
            new ServiceMetrics(100, () -> now, new SteadyClock(InstantSource.system(), () -> nanos));

    ServiceMetricsTest() {
        metrics.registerClasses(service, _ -> OptionalLong.of(3473), () -> OptionalLong.of(17));
    }

    @AfterAll
    static void stop() {
        SYSTEM.terminate();
    }

    private String scraped() throws Exception {
        return Scrape.text(metrics);
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
    @DisplayName("show what waits at the ingest sources, and how the computing time is spent")
    void waitingAndComputing() throws Exception {
        metrics.registerPendingBytes(() -> 3000);
        metrics.registerConsumerLag(() -> 7);
        metrics.registerEngines(FakeEngines.onGpu());

        assertThat(scraped())
                .contains(
                        "reverie_http_in_hand_bytes 3000.0",
                        "reverie_kafka_lag_records 7.0",
                        "reverie_kernel_seconds_total{kernel=\"convolve\"} 1.5",
                        "reverie_gpu_temperature_celsius{gpu=\"0\"} 41.0",
                        "reverie_gpu_batch_limit_images 512.0");
    }

    @Test
    @DisplayName("show the size of the store's files, the free disk space, and the memory of the process")
    void room(@TempDir Path folder) throws Exception {
        Files.write(folder.resolve("store.db"), new byte[4096]);

        metrics.registerStore(() -> true, Optional.of(folder));

        assertThat(scraped())
                .contains("reverie_store_file_bytes 4096.0", "reverie_store_read_only 1.0")
                .containsPattern("reverie_store_free_bytes [1-9]")
                .containsPattern("reverie_process_memory_limit_bytes [1-9]");
    }

    @Test
    @DisplayName("omit a folder that no longer exists, and show the others")
    void missingFolder(@TempDir Path folder) throws Exception {
        metrics.registerStore(() -> false, Optional.of(folder.resolve("gone")));

        assertThat(scraped()).contains("jvm_memory_used_bytes").doesNotContain("reverie_store_file_bytes ");
    }

    @Test
    @DisplayName("are not served on a port that is in use, which is no wrong input")
    void portInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> metrics.serve(port))
                    .isInstanceOf(UncheckedIOException.class)
                    .cause()
                    .hasMessageMatching("cannot serve metrics on port " + port
                            + " \\([^)]*Address already in use\\): set another reverie\\.metrics\\.port");
        }
    }

    @Test
    @DisplayName("keep the last values of the classes while the service does not respond, with a warning")
    void serviceFails() throws Exception {
        assertThat(scraped()).contains("reverie_memory_images 10.0");

        service.fail(new UnavailableException("try again"));
        nanos += 5_000_000_000L;

        try (CapturedLog log = new CapturedLog(LatestSnapshot.class)) {
            assertThat(scraped()).contains("reverie_memory_images 10.0", "reverie_store_damaged_classes 0.0");
            assertThat(log.take()).singleElement(STRING).startsWith("WARN ").contains("the last known values");
        }
    }

    @Test
    @DisplayName("claim nothing about damaged classes before the service has read its store, and warn of nothing")
    void unknownDamage() throws Exception {
        service.fail(new UnavailableException("the service is still reading its store"));

        try (CapturedLog log = new CapturedLog(LatestSnapshot.class)) {
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
    @DisplayName("tell when samples of a class last arrived, until the class is forgotten")
    void lastArrival() throws Exception {
        String arrival = "reverie_class_last_arrival_timestamp_seconds{class=\"cat\"}";
        assertThat(scraped()).doesNotContain(arrival);

        deliver(IngestSource.HTTP);
        assertThat(scraped()).contains(arrival + " 1000.0");
        now = now.plusSeconds(60);
        deliver(IngestSource.KAFKA);
        assertThat(scraped()).contains(arrival + " 1060.0");

        metrics.telemetry().on(new TelemetryEvent.ClassPhaseChanged(0, "cat", Optional.empty()));
        assertThat(scraped()).doesNotContain(arrival);
    }

    @Test
    @DisplayName("count accepted, duplicate and refused samples by ingest source")
    void ingest() throws Exception {
        deliver(IngestSource.KAFKA);
        metrics.ingestListener()
                .refused(new Refused(IngestSource.HTTP, "label-invalid", 256, Optional.of("cat"), "it is too long"));

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
        Consumer<Optional<DeliveryOutcome>> answered = metrics.ingestListener().passed(delivery(IngestSource.FILE));
        assertThat(scraped())
                .contains(
                        "reverie_ingest_in_flight_deliveries{source=\"file\"} 1.0",
                        "reverie_ingest_in_flight_bytes{source=\"file\"} 271.0",
                        "reverie_ingest_ack_duration_seconds_count{source=\"file\"} 0");

        nanos += 31_000_000;
        answered.accept(Optional.of(new DeliveryOutcome.Accepted(1, 0)));
        assertThat(scraped())
                .contains(
                        "reverie_ingest_in_flight_deliveries{source=\"file\"} 0.0",
                        "reverie_ingest_in_flight_bytes{source=\"file\"} 0.0",
                        "reverie_ingest_ack_duration_seconds_sum{source=\"file\"} 0.031");
    }

    @Test
    @DisplayName("do not count failed deliveries as pending, nor deferred ones as acknowledged")
    void failures() throws Exception {
        metrics.ingestListener().passed(delivery(IngestSource.HTTP)).accept(Optional.empty());
        metrics.ingestListener()
                .passed(delivery(IngestSource.HTTP))
                .accept(Optional.of(new DeliveryOutcome.Deferred(
                        DeliveryOutcome.Cause.OVERLOADED, "later", Duration.ofSeconds(1))));

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
                .contains(
                        "reverie_memory_images 10.0",
                        "reverie_synthetic_coded_bytes{class=\"cat\"} 3473.0",
                        "reverie_store_bytes 17.0",
                        "jvm_memory_used_bytes");
        assertThat(open.headers().firstValue("Content-Type")).hasValueSatisfying(type -> assertThat(type)
                .startsWith("application/openmetrics-text")
                .contains("version=1.0.0"));
        assertThat(open.body()).endsWith("# EOF\n");
        assertThat(preferred.body()).endsWith("# EOF\n");
        binding.unbind();
    }

    private void deliver(IngestSource source) {
        metrics.ingestListener().passed(delivery(source)).accept(Optional.of(new DeliveryOutcome.Accepted(3, 1)));
    }

    private static Delivery delivery(IngestSource source) {
        Image image = Image.of(new ImageShape(1, 3, 4), new byte[12]);
        return new Delivery(source, List.of(new Sample("cat", Optional.empty(), image)));
    }
}
