package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.CapturedLog;
import dev.reverie.streams.service.ReadListener;
import dev.reverie.streams.service.ServiceException.StoreDamagedException;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The metrics of a running service")
class ServiceMetricsTest extends AbstractServiceMetricsTest {

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
}
