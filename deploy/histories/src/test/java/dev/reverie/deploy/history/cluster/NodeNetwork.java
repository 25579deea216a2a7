package dev.reverie.deploy.history.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the nodes of a cluster, the database server and the clients reach each other. */
interface NodeNetwork extends AutoCloseable {

    /** Address at which the nodes reach the database server. */
    String serverHost();

    /** Address at which clients and the other nodes reach a node. */
    String host(int node);

    /** Command that runs the program given after it where a node lives; empty to run it directly. */
    List<String> runAt(int node);

    /** Settings that a node needs in this network, as environment variables. */
    Map<String, String> environment();

    /** Separates nodes; empty if this network cannot do that. */
    Optional<NodeSeparation> separation();

    /** Faults that can occur in this network. */
    default List<ClusterFault> faults() {
        return Arrays.stream(ClusterFault.values())
                .filter(fault -> separation().isPresent() || !fault.isOfNetwork())
                .toList();
    }

    @Override
    void close();
}
