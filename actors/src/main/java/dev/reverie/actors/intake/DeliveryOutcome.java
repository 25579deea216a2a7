package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.Labelled;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;

/** The reply to a delivery: accepted, but perhaps for some samples, refused as a whole, or deferred. */
public sealed interface DeliveryOutcome extends NoSerializationVerificationNeeded {

    /**
     * Every sample is durable and survives a kill of the process, but for those that their classes refuse and would
     * refuse again.
     *
     * @param accepted number of new samples
     * @param duplicates number of samples that had been accepted before with the same content
     * @param refused the refused samples, in the order of the delivery
     */
    record Accepted(int accepted, int duplicates, List<RefusedSample> refused) implements DeliveryOutcome {
        public Accepted {
            refused = List.copyOf(refused);
        }

        /** Creates the reply to a delivery of which no sample is refused. */
        public Accepted(int accepted, int duplicates) {
            this(accepted, duplicates, List.of());
        }
    }

    /**
     * A sample that its class refuses.
     *
     * @param index position of the sample in the delivery
     * @param reason {@link SampleVerdict#CONFLICT} or {@link SampleVerdict#SEALED}
     */
    record RefusedSample(int index, String label, Optional<String> id, SampleVerdict reason) {

        /** The same sample, numbered from another one of the delivery. */
        public RefusedSample from(int first) {
            return new RefusedSample(index - first, label, id, reason);
        }
    }

    /** The service stored nothing, and would refuse the same delivery again. The detail says what to change. */
    record Refused(Reason reason, String detail) implements DeliveryOutcome {}

    /**
     * The service cannot accept the delivery now. It may have stored some of its samples, which count as duplicates
     * when the delivery is sent again.
     */
    record Deferred(Cause cause, String detail, Duration retryAfter) implements DeliveryOutcome {

        static final Deferred STARTING = new Deferred(
                Cause.NOT_READY, "the service is still reading its store: try again soon", Duration.ofSeconds(1));
        static final Deferred DRAINING = new Deferred(
                Cause.NOT_READY, "the service is stopping: try again when it is running again", Duration.ofSeconds(10));
        static final Deferred OVERLOADED = new Deferred(
                Cause.OVERLOADED, "too many bytes are waiting to be stored: send more slowly", Duration.ofSeconds(1));
        static final Deferred FORGETTING = new Deferred(
                Cause.NOT_READY, "a class of this delivery is being forgotten: try again", Duration.ofSeconds(1));
        static final Deferred REPEATED =
                new Deferred(Cause.NOT_READY, "the same file is being stored: try again", Duration.ofSeconds(1));
        private static final Duration SOON = Duration.ofSeconds(2);
        /** The service checks more often than this whether there is room. */
        private static final Duration SOON_AFTER_ROOM = Duration.ofSeconds(10);

        private static final Duration LATER = Duration.ofSeconds(30);

        /** The reply when the whole store failed. */
        static Deferred of(StoreFailure failure) {
            return switch (failure) {
                case FULL ->
                    new Deferred(
                            Cause.STORAGE_FULL,
                            "the disk of the store is full: free some space on it, then send the samples again",
                            SOON_AFTER_ROOM);
                case DAMAGED ->
                    new Deferred(Cause.STORE_DAMAGED, "the store is damaged: restore it from a backup", LATER);
                case UNAVAILABLE -> new Deferred(Cause.NOT_READY, "the store does not respond: try again", SOON);
                case OBSOLETE ->
                    new Deferred(
                            Cause.NOT_READY,
                            "another process has taken over a class of this delivery: try again",
                            SOON);
                case UNREACHABLE ->
                    new Deferred(
                            Cause.NOT_READY,
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

    /** The reason why a delivery is refused. The label of each is the last part of the problem type in the HTTP API. */
    enum Reason implements Labelled {
        /** An image has another shape than the images of this service. */
        SHAPE_MISMATCH,
        /** The service has reached its maximum number of classes. */
        QUOTA
    }

    /**
     * The reason why a delivery is deferred. The label of each is the last part of the problem type in the HTTP API,
     * and the value of the metric label {@code reason}.
     */
    enum Cause implements Labelled {
        /** Too many bytes are waiting to be stored. */
        OVERLOADED,
        /**
         * The service is starting or stopping, its store does not respond, or a class of the delivery is being
         * forgotten or cannot be reached.
         */
        NOT_READY,
        /** The store has no space left. */
        STORAGE_FULL,
        /** Rows in the store are damaged, until the store is restored or the class is forgotten. */
        STORE_DAMAGED,
        /** The service failed to process the delivery. */
        INTERNAL
    }
}
