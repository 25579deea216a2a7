package dev.reverie.deploy.config;

import dev.reverie.streams.kafka.KafkaSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The settings of the Kafka ingest source.
 *
 * @param bootstrapServers initial brokers to contact, as comma-separated {@code host:port} pairs
 * @param topic topic with the samples
 * @param group consumer group, whose offsets the brokers store
 * @param deadLetterTopic topic for records that cannot be used
 * @param clientProperties file with additional properties for all Kafka clients
 */
public record KafkaConfig(
        String bootstrapServers, String topic, String group, String deadLetterTopic, Optional<Path> clientProperties) {

    /** Reads and checks the settings; empty if Kafka is disabled. */
    static Optional<KafkaConfig> read(ConfigSection kafka) {
        KafkaConfig config = new KafkaConfig(
                kafka.text("bootstrap-servers"),
                kafka.text("topic"),
                kafka.text("group"),
                kafka.text("dead-letter-topic"),
                kafka.optionalPath("client-properties"));
        requireTopic(kafka, "topic", config.topic());
        requireTopic(kafka, "dead-letter-topic", config.deadLetterTopic());
        kafka.require(
                !config.topic().equals(config.deadLetterTopic()),
                "dead-letter-topic",
                "it must differ from the topic of the samples");
        return kafka.flag("enabled") ? Optional.of(config) : Optional.empty();
    }

    private static void requireTopic(ConfigSection kafka, String name, String topic) {
        kafka.require(
                KafkaSettings.isTopic(topic),
                name,
                "it must be the name of a topic, 1 to 249 of the letters a-z and A-Z, digits, dots, dashes and underscores");
    }

    /**
     * Reads the file with further properties; empty if no file is configured.
     *
     * @throws ConfigurationException if the file cannot be read
     */
    public Map<String, String> properties() {
        Properties properties = new Properties();
        clientProperties.ifPresent(file -> {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new ConfigurationException(
                        List.of(
                                "reverie.kafka.client-properties: " + file
                                        + " cannot be read as a properties file: name a readable file with lines like security.protocol=SSL"));
            }
        });
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toUnmodifiableMap(name -> name, properties::getProperty));
    }
}
