package dev.reverie.actors.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ActorPath;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.sharding.ClusterSharding;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.ShardRegion.ShardRegionStats;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.pattern.Patterns;

/**
 * Where the classes of a cluster live. {@link ClusterClasses} assigns the classes to shards.
 *
 * @param classes number of classes on each node, by its address {@code host:port}; nodes that do not answer are left
 *     out
 * @param shards number of shards on each node, by its address; nodes without shards are left out as well
 */
public record Placement(Map<String, Integer> classes, Map<String, Integer> shards) {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    public Placement {
        classes = Map.copyOf(classes);
        shards = Map.copyOf(shards);
    }

    /**
     * Asks all nodes which classes live on them. Asks each node separately, because the shard coordinator, which could
     * ask all of them, reports no class at all if one node does not answer. Nodes that do not answer within 1 s are
     * left out.
     */
    static CompletionStage<Placement> of(ActorSystem<?> system) {
        ActorPath region = ClusterSharding.get(system.classicSystem())
                .shardRegion(ClassEntity.KEY.name())
                .path();
        Map<String, CompletableFuture<Optional<ShardRegionStats>>> answers = StreamSupport.stream(
                        Cluster.get(system).state().getMembers().spliterator(), false)
                .map(Member::address)
                .collect(Collectors.toMap(Placement::node, address -> ask(system, region, address)));
        return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                .thenApply(_ -> {
                    Map<String, Integer> shards = new HashMap<>(
                            count(answers, stats -> stats.getStats().size()));
                    shards.values().removeIf(number -> number == 0);
                    return new Placement(count(answers, Placement::classes), shards);
                });
    }

    private static CompletableFuture<Optional<ShardRegionStats>> ask(
            ActorSystem<?> system, ActorPath region, Address node) {
        return Patterns.ask(
                        system.classicSystem().actorSelection(region.toStringWithAddress(node)),
                        ShardRegion.getRegionStatsInstance(),
                        TIMEOUT)
                .thenApply(answer -> Optional.of((ShardRegionStats) answer))
                .exceptionally(_ -> Optional.empty())
                .toCompletableFuture();
    }

    private static Map<String, Integer> count(
            Map<String, CompletableFuture<Optional<ShardRegionStats>>> answers,
            ToIntFunction<ShardRegionStats> counting) {
        return answers.entrySet().stream()
                .flatMap(each -> each.getValue().join().stream()
                        .map(stats -> Map.entry(each.getKey(), counting.applyAsInt(stats))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static int classes(ShardRegionStats region) {
        return region.getStats().values().stream()
                .mapToInt(count -> ((Number) count).intValue())
                .sum();
    }

    /** Returns the address {@code host:port} of a node. */
    public static String node(Address address) {
        return address.getHost().orElseThrow() + ":" + address.getPort().orElseThrow();
    }
}
