package dev.reverie.streams.kafka;

import java.time.Duration;
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
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Asks the brokers, over a connection of its own, how reading stands. One question at a time. */
final class BrokerQueries implements AutoCloseable {

    private final Clients clients;
    private final KafkaSettings settings;
    private Optional<Admin> admin = Optional.empty();

    BrokerQueries(Clients clients, KafkaSettings settings) {
        this.clients = clients;
        this.settings = settings;
    }

    /**
     * What waits in some partitions.
     *
     * @return fails if the brokers do not answer, or there is no such topic
     */
    CompletionStage<Backlog> backlog(Set<TopicPartition> partitions) {
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
                ? topic.thenApply(_ -> Backlog.NONE)
                : topic.thenCompose(_ -> ends(brokers, partitions))
                        .thenCombine(committed(brokers), BrokerQueries::difference);
    }

    private synchronized Admin admin() {
        Admin brokers = admin.orElseGet(clients::admin);
        admin = Optional.of(brokers);
        return brokers;
    }

    private static CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> ends(
            Admin brokers, Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.latest()));
        return brokers.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .toCompletionStage();
    }

    private CompletionStage<Map<TopicPartition, OffsetAndMetadata>> committed(Admin brokers) {
        return brokers.listConsumerGroupOffsets(settings.group())
                .partitionsToOffsetAndMetadata()
                .toCompletionStage();
    }

    private static Backlog difference(
            Map<TopicPartition, ListOffsetsResultInfo> ends, Map<TopicPartition, OffsetAndMetadata> committed) {
        long behind = 0;
        long end = 0;
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> each : ends.entrySet()) {
            long read = Optional.ofNullable(committed.get(each.getKey()))
                    .map(OffsetAndMetadata::offset)
                    .orElse(0L);
            behind += Math.max(0, each.getValue().offset() - read);
            end += each.getValue().offset();
        }
        return new Backlog(behind, end);
    }

    @Override
    public synchronized void close() {
        admin.ifPresent(brokers -> brokers.close(Duration.ZERO));
    }
}
