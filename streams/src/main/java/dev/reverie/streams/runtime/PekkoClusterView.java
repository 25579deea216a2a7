package dev.reverie.streams.runtime;

import dev.reverie.actors.cluster.Placement;
import dev.reverie.actors.telemetry.ClassMoves;
import dev.reverie.streams.service.ClusterView;
import dev.reverie.streams.service.ClusterView.ClusterStatus;
import dev.reverie.streams.service.ClusterView.ClusterStatus.Member;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * The Pekko cluster to which an actor system belongs.
 *
 * @param configured number of nodes that the cluster is configured for
 * @param placement asks the nodes where the classes live; completes within a few seconds. If it fails, that is unknown
 * @param counted reads how many classes live on this node, and how many have come and gone
 */
record PekkoClusterView(
        Cluster cluster, int configured, Supplier<CompletionStage<Placement>> placement, Supplier<ClassMoves> counted)
        implements ClusterView {

    @Override
    public String node() {
        return Placement.node(cluster.selfMember().address());
    }

    @Override
    public int members() {
        return cluster.state().members().size();
    }

    @Override
    public int unreachable() {
        return cluster.state().getUnreachable().size();
    }

    @Override
    public ClassMoves moves() {
        return counted.get();
    }

    @Override
    public CompletionStage<ClusterStatus> status() {
        return placement
                .get()
                .exceptionally(_ -> new Placement(Map.of(), Map.of()))
                .thenApply(found -> status(cluster.state(), found));
    }

    private static ClusterStatus status(CurrentClusterState state, Placement placement) {
        Optional<Address> leader = Optional.ofNullable(state.getLeader());
        Set<String> unreachable = state.getUnreachable().stream()
                .map(member -> Placement.node(member.address()))
                .collect(Collectors.toSet());
        return new ClusterStatus(
                StreamSupport.stream(state.getMembers().spliterator(), false)
                        .map(member -> member(member, leader, placement))
                        .toList(),
                unreachable.stream().sorted().toList(),
                placement.shards());
    }

    private static Member member(
            org.apache.pekko.cluster.Member member, Optional<Address> leader, Placement placement) {
        String address = Placement.node(member.address());
        Integer classes = placement.classes().get(address);
        return new Member(
                Optional.of(address),
                state(member.status()),
                classes == null ? OptionalInt.empty() : OptionalInt.of(classes),
                leader.filter(member.address()::equals).isPresent());
    }

    /** A node that is prepared for a shutdown of the whole cluster is still up. */
    private static ClusterStatus.State state(MemberStatus status) {
        return Stream.of(ClusterStatus.State.values())
                .filter(state -> state.name().replace("_", "").equalsIgnoreCase(status.toString()))
                .findFirst()
                .orElse(ClusterStatus.State.UP);
    }
}
