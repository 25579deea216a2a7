package dev.reverie.deploy.history.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the nodes of a cluster, the database server and the clients reach each other: by default at 127.0.0.1, where
 * nothing can be separated.
 */
interface NodeNetwork extends AutoCloseable {

    /** Separates the nodes of a cluster from each other. */
    interface Separation {

        /** Separates a node from the other nodes; it still reaches the database server and its clients. */
        void separate(int node);

        /** Separates a node from everything. */
        void unplug(int node);

        /** Undoes all separations. */
        void heal();
    }

    /** All nodes at 127.0.0.1. */
    static NodeNetwork loopback() {
        return new NodeNetwork() {};
    }

    /** Address at which the nodes reach the database server. */
    default String serverHost() {
        return "127.0.0.1";
    }

    /** Address at which clients and the other nodes reach a node. */
    default String host(int node) {
        return "127.0.0.1";
    }

    /** Command that runs the program given after it where a node lives; empty to run it directly. */
    default List<String> runAt(int node) {
        return List.of();
    }

    /** Settings that a node needs in this network, as environment variables. */
    default Map<String, String> environment() {
        return Map.of();
    }

    /** Separates nodes; empty if this network cannot do that. */
    default Optional<Separation> separation() {
        return Optional.empty();
    }

    /** Faults that can occur in this network. */
    default List<ClusterFault> faults() {
        return Arrays.stream(ClusterFault.values())
                .filter(fault -> separation().isPresent() || !fault.isOfNetwork())
                .toList();
    }

    @Override
    default void close() {
        // Nothing was made.
    }
}
