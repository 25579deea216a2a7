package dev.reverie.streams.kafka;

import dev.reverie.streams.decode.IngestLimits;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What is read from Kafka, and how.
 *
 * @param servers to ask for the brokers first, {@code host:port}, separated by commas
 * @param topic to read
 * @param group of consumers that share the topic's partitions, and its offsets
 * @param deadLetters topic for records that are not taken in; it exists, or the brokers create topics by themselves
 * @param properties of all Kafka clients, for example {@code security.protocol}
 * @param limits of one record; its value has at most as many bytes as a body may have. Up to six of the largest,
 *     unpacked, are in hand at once
 * @param samples that are admitted together at most, and 64 KiB for each
 * @param window that records wait for others to be admitted with
 * @param watchInterval after which the brokers are asked how far behind the reading is
 * @param patience for reading that stands still although there are records: it is begun anew then
 * @param shortestPause before reading begins anew after a failure; doubled with each further one
 * @param longestPause before reading begins anew
 */
public record KafkaSettings(
        String servers,
        String topic,
        String group,
        String deadLetters,
        Map<String, String> properties,
        IngestLimits limits,
        int samples,
        Duration window,
        Duration watchInterval,
        Duration patience,
        Duration shortestPause,
        Duration longestPause) {

    /** "." and ".." are no topics, though made of the right letters. */
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

    public KafkaSettings {
        properties = Map.copyOf(properties);
        requireTopic(topic);
        requireTopic(deadLetters);
        if (servers.isBlank() || group.isBlank()) {
            throw new IllegalArgumentException("Kafka needs a server (host:port) and the name of a group");
        }
        if (topic.equals(deadLetters)) {
            throw new IllegalArgumentException(
                    "the dead-letter topic cannot be the topic that is read ('" + topic + "'): name another");
        }
        if (samples < 1) {
            throw new IllegalArgumentException("at least one sample is admitted at once, got " + samples);
        }
        requirePositive(window, "window");
        requirePositive(watchInterval, "watch interval");
        requirePositive(patience, "patience");
        requirePositive(shortestPause, "shortest pause");
        if (longestPause.compareTo(shortestPause) < 0) {
            throw new IllegalArgumentException(
                    "the longest pause (" + longestPause + ") is shorter than the shortest (" + shortestPause + ")");
        }
    }

    /** Whether brokers take that for the name of a topic. */
    public static boolean isTopic(String name) {
        return TOPIC.matcher(name).matches();
    }

    /** A topic with all else as it suits most: group {@code reverie}, dead letters in {@code TOPIC.dead-letters}. */
    public static KafkaSettings of(String servers, String topic) {
        return of(servers, topic, "reverie", topic + ".dead-letters", Map.of());
    }

    /** What is particular to a place, with the limits and times that suit most. */
    public static KafkaSettings of(
            String servers, String topic, String group, String deadLetters, Map<String, String> properties) {
        return new KafkaSettings(
                servers,
                topic,
                group,
                deadLetters,
                properties,
                IngestLimits.defaults(),
                256,
                Duration.ofMillis(50),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30));
    }

    private static void requireTopic(String name) {
        if (!isTopic(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot name a topic: want up to 249 letters, digits, '.', '_' and '-'");
        }
    }

    private static void requirePositive(Duration duration, String name) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("the " + name + " is longer than nothing, got " + duration);
        }
    }

    /** The same with other limits. */
    public KafkaSettings with(IngestLimits others) {
        return new KafkaSettings(
                servers,
                topic,
                group,
                deadLetters,
                properties,
                others,
                samples,
                window,
                watchInterval,
                patience,
                shortestPause,
                longestPause);
    }
}
