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
    ROLLING_RESTART,
    /**
     * One node after the other is stopped with SIGTERM, and started again with the next release, whose formats differ.
     * The next time, they go back to the first release.
     */
    ROLLING_UPGRADE,
    /** A node loses the others, but not its clients and the database, for a while in which they do not give it up. */
    SEPARATE_BRIEFLY,
    /** A node loses the others, but not its clients and the database, until they have taken over its classes. */
    SEPARATE_PAST_DOWNING,
    /** A node loses everything until others have taken over its classes. */
    UNPLUG;

    /** Whether the fault is one of the network between the nodes. */
    boolean isOfNetwork() {
        return switch (this) {
            case SEPARATE_BRIEFLY, SEPARATE_PAST_DOWNING, UNPLUG -> true;
            default -> false;
        };
    }
}
