package dev.reverie.deploy.history.cluster;

/** What happens to a cluster under load. */
enum ClusterFault {
    /** A node is killed with SIGKILL, and started again when all classes can be written to. */
    KILL,
    /** All threads of a node are stopped for a while in which the other nodes do not give it up, and continued. */
    STOP_BRIEFLY,
    /** All threads of a node are stopped until other nodes have taken over its classes and trimmed their journals. */
    STOP_PAST_DOWNING,
    /** The database server is shut down immediately, and started again. */
    DATABASE_SHUTDOWN,
    /** One node after the other is stopped with SIGTERM, and started again. */
    ROLLING_RESTART
}
