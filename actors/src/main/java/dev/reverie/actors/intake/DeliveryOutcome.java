package dev.reverie.actors.intake;

import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;

/** The reply to a delivery: accepted, refused or deferred. */
public sealed interface DeliveryOutcome extends NoSerializationVerificationNeeded {

    /**
     * Every sample is durable and survives a kill of the process.
     *
     * @param accepted number of new samples
     * @param duplicates number of samples that had been accepted before with the same content
     */
    record Accepted(int accepted, int duplicates) implements DeliveryOutcome {}

    /** The service stored nothing, and would refuse the same delivery again. The detail says what to change. */
    record Refused(Reason reason, String detail) implements DeliveryOutcome {}

    /**
     * The service cannot accept the delivery now. If the cause is {@link Cause#OVERLOADED} or {@link Cause#STORE_FULL},
     * it has stored none of its samples. Otherwise, it has stored all or none; a cluster may have stored those of some
     * classes. If the same delivery is sent again, the service counts no sample twice.
     */
    record Deferred(Cause cause, String detail, Duration retryAfter) implements DeliveryOutcome {

        static final Deferred STARTING = new Deferred(
                Cause.UNAVAILABLE, "the service is still reading its store: try again soon", Duration.ofSeconds(1));
        static final Deferred DRAINING = new Deferred(
                Cause.UNAVAILABLE,
                "the service is stopping: try again when it is running again",
                Duration.ofSeconds(10));
        static final Deferred OVERLOADED = new Deferred(
                Cause.OVERLOADED, "too many bytes are waiting to be stored: send more slowly", Duration.ofSeconds(1));
        static final Deferred FORGETTING = new Deferred(
                Cause.UNAVAILABLE, "a class of this delivery is being forgotten: try again", Duration.ofSeconds(1));
        static final Deferred SEALING = new Deferred(
                Cause.UNAVAILABLE, "a class of this delivery is being sealed: try again", Duration.ofSeconds(1));
        static final Deferred CHANGING = new Deferred(
                Cause.UNAVAILABLE,
                "another request is changing a class of this delivery: try again",
                Duration.ofSeconds(1));

        private static final Duration SOON = Duration.ofSeconds(2);
        /** The service checks more often than this whether there is room. */
        private static final Duration SOON_AFTER_ROOM = Duration.ofSeconds(10);

        private static final Duration LATER = Duration.ofSeconds(30);

        /** This reply without the statement that nothing was stored. */
        Deferred perhapsStored() {
            return cause == Cause.STORE_FULL ? new Deferred(Cause.UNAVAILABLE, detail, retryAfter) : this;
        }

        /** The reply when the whole store failed. */
        static Deferred of(StoreFailure failure) {
            return switch (failure) {
                case FULL ->
                    new Deferred(
                            Cause.STORE_FULL,
                            "the disk of the store is full: free some space on it, then send the samples again",
                            SOON_AFTER_ROOM);
                case DAMAGED ->
                    new Deferred(Cause.STORE_DAMAGED, "the store is damaged: restore it from a backup", LATER);
                case UNAVAILABLE -> new Deferred(Cause.UNAVAILABLE, "the store does not respond: try again", SOON);
                case OBSOLETE ->
                    new Deferred(
                            Cause.UNAVAILABLE,
                            "another process has taken over a class of this delivery: try again",
                            SOON);
                case UNREACHABLE ->
                    new Deferred(
                            Cause.UNAVAILABLE,
                            "a class does not answer while it is read or moves to another node: try again",
                            SOON);
            };
        }

        /** The reply when one class of the delivery cannot use the store. */
        static Deferred of(StoreFailure failure, String className) {
            return failure == StoreFailure.DAMAGED
                    ? new Deferred(
                            Cause.STORE_DAMAGED,
                            "the class '" + className
                                    + "' is damaged in the store: restore the store from a backup, or forget the class",
                            LATER)
                    : of(failure);
        }
    }

    /** The reason why a delivery is refused. */
    enum Reason {
        /** An image has another shape than the images of this service. */
        SHAPE_MISMATCH,
        /** An id already belongs to a sample with other content. */
        ID_CONFLICT,
        /** The class is sealed and accepts no more images. */
        CLASS_SEALED,
        /** The service has reached its maximum number of classes. */
        TOO_MANY_CLASSES,
        /** The images of one class take more bytes than the nodes of a cluster pass on at once. */
        TOO_LARGE
    }

    /** The reason why a delivery is deferred. */
    enum Cause {
        /** Too many bytes are waiting to be stored. */
        OVERLOADED,
        /**
         * The service is starting or stopping, its store does not respond, or a class of the delivery is being changed
         * or cannot be reached.
         */
        UNAVAILABLE,
        /** The store has no space left. */
        STORE_FULL,
        /** Rows in the store are damaged, until the store is restored or the class is forgotten. */
        STORE_DAMAGED
    }
}
