package dev.reverie.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The health of Kafka reading")
class KafkaHealthTest {

    @Test
    @DisplayName("keeps the last known lag while there are no partitions, even in the next run of the consumer")
    void keepsTheLag() {
        // given
        KafkaHealth health = new KafkaHealth(KafkaSettings.of("localhost:9092", "topic"));
        health.brokersResponded(Optional.of(new BrokerQueries.Lag(10, 30)));

        // when
        health.brokersResponded(Optional.empty());

        // then
        assertThat(health.lag()).isEqualTo(10);
        assertThat(health.ofNextRun().lag()).isEqualTo(10);
    }
}
