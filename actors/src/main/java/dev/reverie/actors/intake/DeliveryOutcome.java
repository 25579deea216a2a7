package dev.reverie.actors.intake;

import dev.reverie.actors.serialization.Transferable;
import java.time.Duration;

/** What became of a delivery. */
public sealed interface DeliveryOutcome extends Transferable {

    /**
     * Every sample is durable: it survives a kill of the process.
     *
     * @param accepted samples that were new
     * @param duplicates samples that had been accepted before, with the same content
     */
    record Accepted(int accepted, int duplicates) implements DeliveryOutcome {}

    /** Nothing was admitted, and repeating the delivery as it is would not help; the detail says what would. */
    record Refused(Reason reason, String detail) implements DeliveryOutcome {}

    /**
     * Not admitted for now. Some classes may have their share already: repeating the same delivery completes it, and
     * counts nothing twice.
     */
    record Deferred(Cause cause, String detail, Duration retryAfter) implements DeliveryOutcome {}

    /** Why a delivery is refused for good. */
    enum Reason {
        /** An image has another shape than those of this service. */
        SHAPE_MISMATCH,
        /** An id is known with another content. */
        ID_CONFLICT,
        /** The class takes no more images. */
        CLASS_SEALED,
        /** There are as many classes as there may be. */
        TOO_MANY_CLASSES
    }

    /** Why a delivery has to wait. */
    enum Cause {
        /** As much as may be in hand at once is in hand. */
        OVERLOADED,
        /** The service is starting, draining, or its store does not answer. */
        UNAVAILABLE,
        /** The store has no room left. */
        STORE_FULL
    }
}
