package dev.reverie.streams.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Queries the brokers, over a separate connection, for the consumer lag. Thread safe. */
final class BrokerQueries implements AutoCloseable {

    /**
     * The consumer lag.
     *
     * @param records number of unread records, including transaction markers
     * @param end sum of the end offsets of the partitions
     */
    record Lag(long records, long end) {

        static final Lag NONE = new Lag(0, 0);
    }

    private final KafkaClients clients;
    private final KafkaSettings settings;
    private Optional<Admin> admin = Optional.empty();

    BrokerQueries(KafkaClients clients, KafkaSettings settings) {
        this.clients = clients;
        this.settings = settings;
    }

    /**
     * Queries the total lag of the given partitions.
     *
     * @return completes with the lag, or with empty if no partitions are given; fails if the brokers do not respond or
     *     the topic does not exist
     */
    CompletionStage<Optional<Lag>> lag(Set<TopicPartition> partitions) {
        Admin brokers;
        try {
            brokers = admin();
        } catch (KafkaException e) {
            return CompletableFuture.failedStage(e);
        }
        CompletionStage<?> topic = brokers.describeTopics(List.of(settings.topic()))
                .allTopicNames()
                .toCompletionStage();
        return partitions.isEmpty()
                ? topic.thenApply(_ -> Optional.empty())
                : topic.thenCompose(_ -> offsets(brokers, partitions, OffsetSpec.latest()))
                        .thenCombine(nextOffsets(brokers, partitions), BrokerQueries::difference)
                        .thenApply(Optional::of);
    }

    private synchronized Admin admin() {
        Admin brokers = admin.orElseGet(clients::admin);
        admin = Optional.of(brokers);
        return brokers;
    }

    private static CompletionStage<Map<TopicPartition, Long>> offsets(
            Admin brokers, Set<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> wanted =
                partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> which));
        return brokers.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .toCompletionStage()
                .thenApply(found -> found.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, each -> each.getValue().offset())));
    }

    /**
     * Returns the offset of the next record of each partition: the committed offset, or the earliest one if none is
     * committed or the records at the committed offset were deleted.
     */
    private CompletionStage<Map<TopicPartition, Long>> nextOffsets(Admin brokers, Set<TopicPartition> partitions) {
        CompletionStage<Map<TopicPartition, OffsetAndMetadata>> committed = brokers.listConsumerGroupOffsets(
                        settings.group())
                .partitionsToOffsetAndMetadata()
                .toCompletionStage();
        return offsets(brokers, partitions, OffsetSpec.earliest()).thenCombine(committed, (earliest, commits) -> {
            Map<TopicPartition, Long> next = new HashMap<>(earliest);
            commits.forEach((partition, offset) -> {
                if (offset != null) {
                    next.computeIfPresent(partition, (_, first) -> Math.max(first, offset.offset()));
                }
            });
            return next;
        });
    }

    private static Lag difference(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> next) {
        long behind = 0;
        long end = 0;
        for (Map.Entry<TopicPartition, Long> each : ends.entrySet()) {
            behind += Math.max(0, each.getValue() - next.getOrDefault(each.getKey(), 0L));
            end += each.getValue();
        }
        return new Lag(behind, end);
    }

    @Override
    public synchronized void close() {
        admin.ifPresent(brokers -> brokers.close(Duration.ZERO));
    }
}
