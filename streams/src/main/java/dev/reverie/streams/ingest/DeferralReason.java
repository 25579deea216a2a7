package dev.reverie.streams.ingest;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.gpu.Labelled;
import java.util.List;
import java.util.stream.Stream;

/**
 * The reasons for deferring a delivery, so that its samples are sent again. The label of each is the last part of the
 * problem type in the HTTP API, and the value of the metric label {@code reason}.
 */
public enum DeferralReason implements Labelled {
    OVERLOADED,
    NOT_READY,
    STORAGE_FULL,
    STORE_DAMAGED,
    INTERNAL;

    /** Returns the reason why the service defers a delivery. */
    public static DeferralReason of(DeliveryOutcome.Cause cause) {
        return switch (cause) {
            case OVERLOADED -> OVERLOADED;
            case UNAVAILABLE -> NOT_READY;
            case STORE_FULL -> STORAGE_FULL;
            case STORE_DAMAGED -> STORE_DAMAGED;
        };
    }

    public static List<String> labels() {
        return Stream.of(values()).map(DeferralReason::label).toList();
    }
}
