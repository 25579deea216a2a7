package dev.reverie.streams.service;

import dev.reverie.actors.telemetry.ClassMoves;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** The cluster as one of its nodes sees it. Another node may see it differently for a few seconds. Thread safe. */
public interface ClusterView {

    /** Returns the address of this node, {@code host:port}. */
    String node();

    /** Returns the number of nodes that the cluster is configured for. */
    int configured();

    /** Returns the number of nodes in the cluster, reachable or not. */
    int members();

    /** Returns the number of nodes in the cluster that this node cannot reach. */
    int unreachable();

    /** Returns how many classes live on this node, and how many have come and gone. */
    ClassMoves moves();

    /** Returns the nodes and what lives on each of them. Completes even if other nodes do not answer. */
    CompletionStage<ClusterStatus> status();

    /**
     * The nodes of a service and what lives on each of them.
     *
     * @param members nodes in the order of their addresses; a service that is a single process is its only member
     * @param unreachable addresses of members that the answering node cannot reach
     * @param shards number of shards on each node by its address; nodes without shards, or that do not answer, are left
     *     out. A shard is a share of the classes, and moves from node to node as a whole
     */
    record ClusterStatus(List<Member> members, List<String> unreachable, Map<String, Integer> shards) {

        public ClusterStatus {
            members = List.copyOf(members);
            unreachable = List.copyOf(unreachable);
            shards = Collections.unmodifiableMap(new TreeMap<>(shards));
        }

        /** Returns the status of a service that is a single process. */
        public static ClusterStatus ofProcess(int classes) {
            return new ClusterStatus(
                    List.of(new Member(Optional.empty(), State.UP, OptionalInt.of(classes), true)),
                    List.of(),
                    Map.of());
        }

        /** The states of a node, in the order in which it passes them. */
        public enum State {
            /** It waits for the other nodes to agree that it joins. */
            JOINING,
            /** It has joined while not all nodes can be reached, and gets no classes yet. */
            WEAKLY_UP,
            UP,
            /** It hands its classes over, because it stops. */
            LEAVING,
            EXITING,
            /** The other nodes have given it up, because they cannot reach it. */
            DOWN,
            REMOVED
        }

        /**
         * A node.
         *
         * @param address address of the node, {@code host:port}; empty for a service that is a single process
         * @param classes number of classes that live on the node; empty if that is unknown
         * @param leader whether the node admits and removes others
         */
        public record Member(Optional<String> address, State state, OptionalInt classes, boolean leader) {}
    }
}
