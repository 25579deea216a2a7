package dev.reverie.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Runs a real Kafka broker in its own process, with its data in a folder and the jars of the test class path. */
final class KafkaBroker implements AutoCloseable {

    private static final int TO_THE_END = -1;
    private static final int PATIENCE_MILLIS = 60_000;

    private final Path folder;
    private final int port;
    private Optional<Process> process = Optional.empty();

    private KafkaBroker(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Formats a folder for a broker and starts it. */
    static KafkaBroker startedIn(Path folder) {
        try {
            KafkaBroker broker = new KafkaBroker(folder, FreePorts.next());
            Files.writeString(broker.configuration(), properties(folder, broker.port, FreePorts.next()));
            Process format = broker.java(
                    "kafka.tools.StorageTool",
                    "format",
                    "-t",
                    Uuid.randomUuid().toString(),
                    "-c",
                    broker.configuration().toString());
            assertThat(format.waitFor()).as(broker::log).isZero();
            broker.start();
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String properties(Path folder, int port, int controllerPort) {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                log.dirs=%3$s
                num.partitions=1
                offsets.topic.num.partitions=1
                offsets.topic.replication.factor=1
                transaction.state.log.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                group.initial.rebalance.delay.ms=0
                """.formatted(port, controllerPort, folder.resolve("data"));
    }

    String servers() {
        return "127.0.0.1:" + port;
    }

    /** Starts the broker, even after a kill, and waits until it responds. */
    void start() {
        process = Optional.of(java("kafka.Kafka", configuration().toString()));
        try (Admin admin = admin()) {
            await(() -> admin.describeCluster(new DescribeClusterOptions().timeoutMs(PATIENCE_MILLIS))
                    .nodes()
                    .get());
        }
    }

    /** Kills the broker as {@code kill -9} does. */
    void kill() {
        process.ifPresent(running -> {
            running.destroyForcibly();
            running.onExit().join();
        });
        process = Optional.empty();
    }

    void create(String topic, int partitions) {
        try (Admin admin = admin()) {
            await(() -> admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get());
        }
    }

    /** Sends records in sequential batches, because the topic may be new, and waits for their acknowledgements. */
    void send(Collection<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                servers(),
                "acks",
                "all",
                "max.in.flight.requests.per.connection",
                1,
                "max.request.size",
                1 << 24);
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            records.stream().map(producer::send).toList().forEach(sent -> await(sent::get));
        }
    }

    /** Waits for the first records of a topic's first partition and returns them. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic, int number) {
        Map<String, Object> properties = Map.of("bootstrap.servers", servers(), "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (records.size() < number) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    /** Deletes all records of a topic, as its retention does. */
    void deleteRecords(String topic) {
        try (Admin admin = admin()) {
            Map<TopicPartition, RecordsToDelete> all =
                    await(() -> admin.describeTopics(List.of(topic))
                                    .allTopicNames()
                                    .get())
                            .values()
                            .stream()
                            .flatMap(each -> each.partitions().stream())
                            .collect(Collectors.toMap(
                                    each -> new TopicPartition(topic, each.partition()),
                                    _ -> RecordsToDelete.beforeOffset(TO_THE_END)));
            await(() -> admin.deleteRecords(all).all().get());
        }
    }

    /** Returns the sum of the offsets that a consumer group committed. */
    long committed(String group) {
        try (Admin admin = admin()) {
            return await(() -> admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .values()
                    .stream()
                    .mapToLong(offset -> offset.offset())
                    .sum();
        }
    }

    /** Returns the partitions of each static member of a consumer group, also of one that is absent now. */
    Map<String, Set<Integer>> assignments(String group) {
        try (Admin admin = admin()) {
            return await(() ->
                            admin.describeConsumerGroups(List.of(group)).all().get())
                    .values()
                    .stream()
                    .flatMap(description -> description.members().stream())
                    .collect(Collectors.toMap(
                            member -> member.groupInstanceId().orElse("none"),
                            member -> member.assignment().topicPartitions().stream()
                                    .map(TopicPartition::partition)
                                    .collect(Collectors.toSet())));
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", servers(), "default.api.timeout.ms", PATIENCE_MILLIS));
    }

    private interface Answer<T> {
        T get() throws ExecutionException, InterruptedException;
    }

    private <T> T await(Answer<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new AssertionError(log(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private Path configuration() {
        return folder.resolve("server.properties");
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process java(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-cp",
                System.getProperty("java.class.path"),
                program));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
