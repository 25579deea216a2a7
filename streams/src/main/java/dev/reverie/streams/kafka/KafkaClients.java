package dev.reverie.streams.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.kafka.CommitterSettings;
import org.apache.pekko.kafka.ConsumerSettings;
import org.apache.pekko.kafka.ProducerSettings;

/**
 * Creates the Kafka clients: consumer, producer and admin. The client properties come first, so that they never replace
 * a property that the service needs.
 */
record KafkaClients(ActorSystem<?> system, KafkaSettings settings) {

    /** Time after the last heartbeat of a node of a cluster during which no other node gets its partitions. */
    static final Duration MEMBER_ABSENCE = Duration.ofSeconds(30);

    private static final String FETCH_BYTES = Integer.toString(16 << 20);
    private static final String SEND_BYTES = Integer.toString(32 << 20);

    /**
     * Returns the settings of the consumer. The consumer starts at the oldest record unless its group has committed
     * offsets, and skips aborted transactions.
     *
     * <p>The nodes of a cluster are static members: a node that starts again gets its partitions back. When a node
     * joins or is gone for longer, only the partitions that move stop for a moment. Records that the old owner of a
     * partition has not committed are read again by the new one, and their samples are recognised as duplicates.
     */
    ConsumerSettings<byte[], byte[]> consumer() {
        ConsumerSettings<byte[], byte[]> consumer = ofSingleProcess();
        return settings.member()
                .map(member -> consumer.withGroupInstanceId(member)
                        .withProperty(
                                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                                CooperativeStickyAssignor.class.getName())
                        .withProperty(
                                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, Long.toString(MEMBER_ABSENCE.toMillis())))
                .orElse(consumer);
    }

    private ConsumerSettings<byte[], byte[]> ofSingleProcess() {
        return ConsumerSettings.create(system, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .withProperties(settings.properties())
                .withBootstrapServers(settings.servers())
                .withGroupId(settings.group())
                // Offsets that the client commits by itself would skip records that are not durable yet.
                .withProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false")
                .withProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")
                .withProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .withProperty(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES)
                // After a kill, a restarted process must not wait long for its partitions.
                .withProperty(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "10000")
                .withProperty(ConsumerConfig.METADATA_MAX_AGE_CONFIG, "30000")
                .withCommitTimeout(Duration.ofSeconds(5))
                .withStopTimeout(Duration.ZERO) // KafkaIngest.stop waits for pending records
                .withCloseTimeout(Duration.ofSeconds(5));
    }

    /** Returns the settings of the committer, which commits offsets at least once per second. */
    CommitterSettings committer() {
        return CommitterSettings.create(system).withMaxInterval(Duration.ofSeconds(1));
    }

    /**
     * Returns the settings of the producer. The producer gives up early, because the service reads a failed record
     * again. The limit on record sizes is left to the brokers.
     */
    ProducerSettings<byte[], byte[]> producer() {
        return ProducerSettings.create(system, new ByteArraySerializer(), new ByteArraySerializer())
                .withProperties(settings.properties())
                .withBootstrapServers(settings.servers())
                .withProperty(ProducerConfig.ACKS_CONFIG, "all")
                // A new topic may refuse a batch and accept the next one; retrying the refused batch would then always
                // fail.
                .withProperty(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1")
                .withProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, SEND_BYTES)
                .withProperty(ProducerConfig.BUFFER_MEMORY_CONFIG, SEND_BYTES)
                .withProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000")
                .withProperty(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000")
                .withProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000")
                .withCloseTimeout(Duration.ofSeconds(5));
    }

    /**
     * Creates a client for querying topics and offsets. The caller must close it.
     *
     * @throws org.apache.kafka.common.KafkaException if no server name can be resolved
     */
    Admin admin() {
        Map<String, Object> properties = new HashMap<>(settings.properties());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.servers());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000");
        return Admin.create(properties);
    }
}
