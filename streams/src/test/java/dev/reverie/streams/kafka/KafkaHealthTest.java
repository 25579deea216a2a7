package dev.reverie.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is known of a reading")
class KafkaHealthTest {

    @Test
    @DisplayName("includes how many records waited when it last could be told, also while there are no partitions")
    void keepsTheBacklog() {
        // given
        KafkaHealth standing = new KafkaHealth(KafkaSettings.of("localhost:9092", "topic"));
        standing.brokersAnswer(Optional.of(new ConsumerLag(10, 30)));

        // when
        standing.brokersAnswer(Optional.empty());

        // then
        assertThat(standing.behind()).isEqualTo(10);
        assertThat(standing.next().behind()).isEqualTo(10);
    }
}
