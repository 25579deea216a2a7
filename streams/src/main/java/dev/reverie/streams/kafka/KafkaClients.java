package dev.reverie.streams.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.kafka.CommitterSettings;
import org.apache.pekko.kafka.ConsumerSettings;
import org.apache.pekko.kafka.ProducerSettings;

/** How this door's clients of Kafka are set up. */
final class KafkaClients {

    private static final String MEBIBYTES_16 = Integer.toString(16 << 20);
    private static final String MEBIBYTES_32 = Integer.toString(32 << 20);

    private final ActorSystem<?> system;
    private final KafkaSettings settings;

    KafkaClients(ActorSystem<?> system, KafkaSettings settings) {
        this.system = system;
        this.settings = settings;
    }

    /** Reads from the oldest record on, unless its group has read before; sees nothing of aborted transactions. */
    ConsumerSettings<byte[], byte[]> consumer() {
        return ConsumerSettings.create(system, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .withBootstrapServers(settings.servers())
                .withGroupId(settings.group())
                .withProperties(settings.properties())
                .withProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")
                .withProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .withProperty(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MEBIBYTES_16)
                // A process that was killed must not keep its successor waiting for long.
                .withProperty(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "10000")
                .withProperty(ConsumerConfig.METADATA_MAX_AGE_CONFIG, "30000")
                .withCommitTimeout(Duration.ofSeconds(5))
                .withStopTimeout(Duration.ZERO) // whoever stops the door waits for what is in hand
                .withCloseTimeout(Duration.ofSeconds(5));
    }

    CommitterSettings committer() {
        return CommitterSettings.create(system).withMaxInterval(Duration.ofSeconds(1));
    }

    /** Fails rather than waits long, since the record comes again; leaves the size of records to the brokers. */
    ProducerSettings<byte[], byte[]> producer() {
        return ProducerSettings.create(system, new ByteArraySerializer(), new ByteArraySerializer())
                .withBootstrapServers(settings.servers())
                .withProperties(settings.properties())
                .withProperty(ProducerConfig.ACKS_CONFIG, "all")
                // A topic that was only just made may refuse a first batch and take a second, and then never the first.
                .withProperty(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1")
                .withProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MEBIBYTES_32)
                .withProperty(ProducerConfig.BUFFER_MEMORY_CONFIG, MEBIBYTES_32)
                .withProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000")
                .withProperty(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000")
                .withProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000")
                .withCloseTimeout(Duration.ofSeconds(5));
    }

    /**
     * A client that asks about topics and offsets; to be closed.
     *
     * @throws org.apache.kafka.common.KafkaException if the servers' names are unknown at the moment
     */
    Admin admin() {
        Map<String, Object> properties = new HashMap<>(settings.properties());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.servers());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000");
        return Admin.create(properties);
    }
}
