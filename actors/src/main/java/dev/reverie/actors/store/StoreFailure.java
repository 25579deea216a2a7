package dev.reverie.actors.store;

/** Why data cannot be read or written, as far as actors and senders must know. */
public enum StoreFailure {
    /** Data in the store is damaged; trying again does not help. */
    DAMAGED,
    /** The store has no space left. */
    FULL,
    /** The store does not respond, but may recover. */
    UNAVAILABLE,
    /** Another process has written or deleted rows of this actor since the actor has read them. */
    OBSOLETE,
    /** The node of a cluster that reads and writes the data does not answer, or still reads the data. */
    UNREACHABLE;

    /** Classifies a failure by its {@link FailureCause}. */
    public static StoreFailure of(Throwable failure) {
        return switch (FailureCause.of(failure)) {
            case DAMAGED -> DAMAGED;
            case FULL -> FULL;
            case OBSOLETE -> OBSOLETE;
            case REFUSED, IN_USE, TOO_LITTLE_MEMORY, DISK_ERROR, DENIED, SERVER_ERROR, UNREACHED, UNKNOWN ->
                UNAVAILABLE;
        };
    }
}
