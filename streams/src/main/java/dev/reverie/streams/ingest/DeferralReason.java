package dev.reverie.streams.ingest;

import dev.reverie.actors.intake.DeliveryOutcome;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The reasons for deferring a delivery, so that its samples are sent again. */
public enum DeferralReason {
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

    /** Returns the words of all reasons. */
    public static List<String> words() {
        return Stream.of(values()).map(DeferralReason::word).toList();
    }

    /** Returns the last part of the problem type in the HTTP API, and the value of the metric label {@code reason}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
