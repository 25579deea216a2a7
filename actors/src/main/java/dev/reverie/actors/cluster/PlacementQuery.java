package dev.reverie.actors.cluster;

import dev.reverie.actors.Asks;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;

/** Asks all nodes of a cluster which classes live on them. Thread safe. */
final class PlacementQuery {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final ActorSystem<?> system;
    private final Address self;

    PlacementQuery(ActorSystem<?> system) {
        this.system = system;
        this.self = Cluster.get(system).selfMember().address();
    }

    /** Address of this node, {@code host:port}. */
    String self() {
        return name(self);
    }

    /** Where the classes live. Nodes that do not answer within 1 s are left out. */
    CompletionStage<Placement> placement() {
        return Asks.<ClusterShardingQuery, ShardRegion.ClusterShardingStats>ask(
                        ClusterSharding.get(system).shardState(),
                        replyTo -> new GetClusterShardingStats(ClassEntity.KEY, TIMEOUT, replyTo),
                        TIMEOUT.multipliedBy(2),
                        system.scheduler())
                .thenApply(stats ->
                        new Placement(byNode(stats, PlacementQuery::classes), byNode(stats, region -> region.getStats()
                                .size())));
    }

    private Map<String, Integer> byNode(
            ShardRegion.ClusterShardingStats stats, ToIntFunction<ShardRegion.ShardRegionStats> count) {
        return stats.getRegions().entrySet().stream()
                .collect(Collectors.toMap(each -> name(each.getKey()), each -> count.applyAsInt(each.getValue())));
    }

    private static int classes(ShardRegion.ShardRegionStats region) {
        return region.getStats().values().stream()
                .mapToInt(count -> ((Number) count).intValue())
                .sum();
    }

    /** The statistics name the node that answers without its host and port. */
    private String name(Address address) {
        Address complete = address.getHost().isPresent() ? address : self;
        return complete.getHost().orElseThrow() + ":" + complete.getPort().orElseThrow();
    }
}
