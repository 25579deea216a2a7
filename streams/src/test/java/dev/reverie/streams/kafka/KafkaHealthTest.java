package dev.reverie.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.CapturedLog;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.pekko.kafka.RestrictedConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The health of Kafka reading")
class KafkaHealthTest {

    private final KafkaHealth health =
            new KafkaHealth(KafkaSettings.of("localhost:9092", "topic", "ours", "dead-letters"));

    @Test
    @DisplayName("keeps the last known lag while there are no partitions, even in the next run of the consumer")
    void keepsTheLag() {
        health.brokersResponded(Optional.of(new BrokerQueries.Lag(10, 30)));

        health.brokersResponded(Optional.empty());

        assertThat(health.lag()).isEqualTo(10);
        assertThat(health.ofNextRun().lag()).isEqualTo(10);
    }

    @Test
    @DisplayName("has no lag if the group has no partition for this member")
    void spareMember() {
        health.brokersResponded(Optional.of(new BrokerQueries.Lag(10, 30)));
        health.onAssign(
                Set.of(),
                new RestrictedConsumer(
                        new MockConsumer<String, String>(OffsetResetStrategy.EARLIEST), Duration.ofSeconds(1)));

        health.brokersResponded(Optional.empty());

        assertThat(health.lag()).isZero();
    }

    @Test
    @DisplayName("is logged when the brokers begin to fail and when they respond again, and tells the last failure")
    void brokersFail() {
        try (CapturedLog log = new CapturedLog(KafkaHealth.class)) {
            health.brokersFailed(new IllegalStateException("first"));
            health.brokersFailed(new IllegalStateException("second"));

            assertThat(log.take()).singleElement().asString().contains("IllegalStateException first");
            assertThat(health.check().detail()).contains("IllegalStateException second");

            health.brokersResponded(Optional.empty());

            assertThat(log.take()).singleElement().asString().contains("respond again");
        }
    }
}
