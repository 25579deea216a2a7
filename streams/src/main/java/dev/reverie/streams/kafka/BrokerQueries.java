package dev.reverie.streams.kafka;

import dev.reverie.actors.Asks;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Queries the brokers, over a separate connection, for the consumer lag. A client reads its keys and certificates only
 * once, so one that fails is replaced for the next query. Thread safe.
 */
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

    /** Opens a client, at the first query and after each failure. */
    private final Supplier<Admin> clients;

    private final KafkaSettings settings;
    private Optional<Admin> admin = Optional.empty();

    BrokerQueries(Supplier<Admin> clients, KafkaSettings settings) {
        this.clients = clients;
        this.settings = settings;
    }

    /**
     * Queries the total lag of the given partitions.
     *
     * @return completes with the lag, or with empty if no partitions are given; fails if the brokers do not respond,
     *     the topic does not exist or no client can be opened
     */
    CompletionStage<Optional<Lag>> lag(Set<TopicPartition> partitions) {
        try {
            Admin brokers = admin();
            return lag(brokers, partitions).whenComplete((_, failure) -> {
                if (failure != null && !(Asks.causeOf(failure) instanceof UnknownTopicOrPartitionException)) {
                    drop(brokers);
                }
            });
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletionStage<Optional<Lag>> lag(Admin brokers, Set<TopicPartition> partitions) {
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
        Admin brokers = admin.orElseGet(clients);
        admin = Optional.of(brokers);
        return brokers;
    }

    private void drop(Admin failed) {
        synchronized (this) {
            admin = admin.filter(current -> !current.equals(failed));
        }
        failed.close(Duration.ZERO);
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
    public void close() {
        Optional<Admin> last;
        synchronized (this) {
            last = admin;
        }
        last.ifPresent(this::drop); // without the lock, because the thread of the client may wait for it
    }
}
