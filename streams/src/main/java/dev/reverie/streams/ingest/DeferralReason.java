package dev.reverie.streams.ingest;

import dev.reverie.actors.intake.DeliveryOutcome;
import java.util.List;
import java.util.stream.Stream;

/** The reasons for deferring a delivery, so that its samples are sent again. */
public enum DeferralReason {
    OVERLOADED("overloaded"),
    NOT_READY("not-ready"),
    STORAGE_FULL("storage-full"),
    STORE_DAMAGED("store-damaged"),
    INTERNAL("internal");

    private final String word;

    DeferralReason(String word) {
        this.word = word;
    }

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
        return word;
    }
}
