package dev.reverie.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.kafka.ConsumerSettings;
import org.apache.pekko.kafka.ProducerSettings;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The Kafka clients")
class KafkaClientsTest {

    @AutoClose("shutdownTestKit")
    private final ActorTestKit kit = ActorTestKit.create("kafka-clients", ConfigFactory.load());

    @Test
    @DisplayName("take further properties from the user, but none that would lose records or name another service")
    void properties() {
        Map<String, String> further = Map.of(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SSL",
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "elsewhere:9092",
                CommonClientConfigs.GROUP_ID_CONFIG, "others",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "true");
        KafkaSettings settings = KafkaSettings.of("localhost:9092", "topic", "ours", "dead-letters")
                .withProperties(further)
                .ofNode("localhost:7600");

        KafkaClients clients = new KafkaClients(kit.system(), settings);
        ConsumerSettings<byte[], byte[]> consumer = clients.consumer();
        ProducerSettings<byte[], byte[]> producer = clients.producer();

        assertThat(consumer.getProperty(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG))
                .isEqualTo("SSL");
        assertThat(consumer.getProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG))
                .isEqualTo("localhost:9092");
        assertThat(consumer.getProperty(CommonClientConfigs.GROUP_ID_CONFIG)).isEqualTo("ours");
        assertThat(consumer.getProperty(CommonClientConfigs.GROUP_INSTANCE_ID_CONFIG))
                .isEqualTo("localhost-7600");
        assertThat(consumer.getProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG))
                .isEqualTo("false");
        assertThat(producer.getProperty(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG))
                .isEqualTo("SSL");
        assertThat(producer.getProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG))
                .isEqualTo("localhost:9092");
    }
}
