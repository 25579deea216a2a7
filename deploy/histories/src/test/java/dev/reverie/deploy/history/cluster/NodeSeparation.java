package dev.reverie.deploy.history.cluster;

/** Separates the nodes of a cluster from each other. */
interface NodeSeparation {

    /** Separates a node from the other nodes; it still reaches the database server and its clients. */
    void separate(int node);

    /** Separates a node from everything. */
    void unplug(int node);

    /** Undoes all separations. */
    void heal();
}
