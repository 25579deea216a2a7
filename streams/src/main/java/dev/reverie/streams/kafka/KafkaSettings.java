package dev.reverie.streams.kafka;

import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.streams.decode.IngestLimits;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of Kafka ingest.
 *
 * @param servers bootstrap servers, as comma-separated {@code host:port} pairs
 * @param group consumer group; its members share the partitions and offsets
 * @param member name of this process in the group, if the nodes of a cluster are its members. A member that starts
 *     again under its name within {@link KafkaClients#MEMBER_ABSENCE} gets its partitions back. Empty if the process is
 *     alone.
 * @param deadLetters topic for refused records; must exist unless the brokers create topics automatically
 * @param properties properties for all Kafka clients, for example {@code security.protocol}
 * @param limits limits on one record, whose value is treated like a request body. Up to six decoded records of the
 *     maximum size can be in memory at once
 * @param resizing brings all images to one size; if empty, they keep their sizes
 * @param samples maximum number of samples in one delivery; the size of the delivery is also limited to 64 KiB times
 *     this number
 * @param window maximum time that a record waits for other records to share its delivery
 * @param watchInterval interval between queries of the consumer lag
 * @param stallTimeout time after which the consumer restarts if it makes no progress although records are waiting
 * @param shortestPause pause before the first restart after a failure; the pause doubles with each further failure
 * @param longestPause maximum pause before a restart
 */
@RecordBuilder
@RecordBuilder.Options(addClassRetainedGenerated = true, addFunctionalMethodsToWith = false)
public record KafkaSettings(
        String servers,
        String topic,
        String group,
        Optional<String> member,
        String deadLetters,
        Map<String, String> properties,
        IngestLimits limits,
        Optional<Resizing> resizing,
        int samples,
        Duration window,
        Duration watchInterval,
        Duration stallTimeout,
        Duration shortestPause,
        Duration longestPause)
        implements KafkaSettingsBuilder.With {

    /** Kafka does not allow topics and members named "." or "..". */
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

    public KafkaSettings {
        properties = Map.copyOf(properties);
        requireName(topic, "topic");
        requireName(deadLetters, "topic");
        member.ifPresent(name -> requireName(name, "member"));
        if (servers.isBlank() || group.isBlank()) {
            throw new IllegalArgumentException(
                    "Kafka ingest needs brokers and a consumer group: set reverie.kafka.bootstrap-servers"
                            + " (host:port) and reverie.kafka.group");
        }
        if (topic.equals(deadLetters)) {
            throw new IllegalArgumentException("the dead-letter topic must not be the topic that is read ('" + topic
                    + "'): set another reverie.kafka.dead-letter-topic");
        }
        if (samples < 1) {
            throw new IllegalArgumentException("the number of samples per delivery must be at least 1, got " + samples);
        }
        requirePositive(window, "window");
        requirePositive(watchInterval, "watch interval");
        requirePositive(stallTimeout, "stall timeout");
        requirePositive(shortestPause, "shortest pause");
        if (longestPause.compareTo(shortestPause) < 0) {
            throw new IllegalArgumentException(
                    "the longest pause (" + longestPause + ") is shorter than the shortest (" + shortestPause + ")");
        }
    }

    /** Tells whether the name is a valid topic name. */
    public static boolean isTopic(String name) {
        return NAME.matcher(name).matches();
    }

    /** Returns settings with the given connection and the default limits and times. */
    public static KafkaSettings of(String servers, String topic, String group, String deadLetters) {
        return new KafkaSettings(
                servers,
                topic,
                group,
                Optional.empty(),
                deadLetters,
                Map.of(),
                IngestLimits.defaults(),
                Optional.empty(),
                256,
                Duration.ofMillis(50),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30));
    }

    private static void requireName(String name, String what) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a valid " + what + " name: use up to 249 letters, digits, '.', '_' and '-'");
        }
    }

    private static void requirePositive(Duration duration, String name) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("the " + name + " must be positive, got " + duration);
        }
    }

    /** Returns the same settings for the node of a cluster with this address, {@code host:port}. */
    public KafkaSettings ofNode(String address) {
        return withMember(Optional.of(address.replace(':', '-')));
    }
}
