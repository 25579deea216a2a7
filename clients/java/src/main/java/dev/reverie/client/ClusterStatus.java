package dev.reverie.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The nodes of a service, as one of them sees them.
 *
 * @param members nodes in the order of their addresses; a service that is a single process is its only member
 * @param unreachable addresses of members that the node cannot reach
 * @param shards number of shards on each node by its address; nodes without shards, or that do not answer, are left out
 */
public record ClusterStatus(List<Member> members, List<String> unreachable, Map<String, Integer> shards) {

    public ClusterStatus {
        members = List.copyOf(members);
        unreachable = List.copyOf(unreachable);
        shards = Collections.unmodifiableMap(new TreeMap<>(shards));
    }

    /**
     * A node.
     *
     * @param address address for the other nodes, {@code host:port}; empty for a service that is a single process
     * @param state {@code up}, or another state of a node that joins, leaves or has failed
     * @param classes number of classes that live on the node; empty if the node does not answer
     * @param leader whether the node admits and removes others
     */
    public record Member(
            Optional<String> address,
            String state,
            @JsonInclude(JsonInclude.Include.ALWAYS) OptionalInt classes,
            boolean leader) {}
}
