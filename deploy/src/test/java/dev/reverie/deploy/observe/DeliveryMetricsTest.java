package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.service.IngestListener;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The metrics of deliveries to a running service")
class DeliveryMetricsTest extends AbstractServiceMetricsTest {

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

    private void deliver(IngestSource source) {
        metrics.ingestListener().passed(delivery(source)).accept(Optional.of(new DeliveryOutcome.Accepted(3, 1)));
    }

    private static Delivery delivery(IngestSource source) {
        Image image = Image.of(new ImageShape(1, 3, 4), new byte[12]);
        return new Delivery(source, List.of(new Sample("cat", Optional.empty(), image)));
    }
}
