package dev.reverie.deploy.history.cluster;

import java.util.List;
import java.util.Map;

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

    /** Faults that can occur in this network. */
    List<ClusterFault> faults();

    /** Separates a node from the other nodes; it still reaches the database server and its clients. */
    void separate(int node);

    /** Separates a node from everything. */
    void unplug(int node);

    /** Undoes all separations. */
    void heal();

    @Override
    void close();
}
