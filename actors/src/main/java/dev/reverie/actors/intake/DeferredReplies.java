package dev.reverie.actors.intake;

import dev.reverie.actors.intake.DeliveryOutcome.Cause;
import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;

/** The answers to deliveries that have to come again. */
final class DeferredReplies {

    static final Deferred STARTING =
            new Deferred(Cause.UNAVAILABLE, "the service is reading its store: try again soon", Duration.ofSeconds(1));
    static final Deferred DRAINING = new Deferred(
            Cause.UNAVAILABLE, "the service is stopping: try again when it is back", Duration.ofSeconds(10));
    static final Deferred OVERLOADED = new Deferred(
            Cause.OVERLOADED, "as much as can be in hand at once is in hand: slow down", Duration.ofSeconds(1));
    static final Deferred FORGOTTEN =
            new Deferred(Cause.UNAVAILABLE, "a class of it was being forgotten: try again", Duration.ofSeconds(1));

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration LATER = Duration.ofSeconds(30);

    private DeferredReplies() {}

    /** A class of the delivery can't be written. */
    static Deferred of(ClassEntry entry) {
        StoreFailure failure = entry.failure().orElseThrow().failure();
        return failure == StoreFailure.DAMAGED
                ? new Deferred(
                        Cause.UNAVAILABLE,
                        "the class '" + entry.name()
                                + "' can't be read from the store: restore a backup, or forget the class",
                        LATER)
                : of(failure);
    }

    static Deferred of(StoreFailure failure) {
        return switch (failure) {
            case FULL -> new Deferred(Cause.STORE_FULL, "the store has no room left: make room", LATER);
            case DAMAGED -> new Deferred(Cause.UNAVAILABLE, "the store is damaged: restore a backup", LATER);
            case UNAVAILABLE -> new Deferred(Cause.UNAVAILABLE, "the store does not answer: try again", SOON);
        };
    }
}
