package dev.reverie.deploy.replay;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.client.ReverieException;
import dev.reverie.deploy.text.Plural;
import java.util.Locale;
import java.util.Optional;

/**
 * The result of a replay.
 *
 * @param total number of images in the replay
 * @param failure failure that ended the replay, if any
 */
public record ReplayReport(
        Ending ending,
        int total,
        @JsonUnwrapped ReplayTotals totals,
        double seconds,
        @JsonIgnore Optional<ReverieException> failure) {

    /** The ways a replay can end. */
    public enum Ending {
        COMPLETED,
        INTERRUPTED,
        FAILED
    }

    /** Returns the mean number of acknowledged images per second. */
    public double imagesPerSecond() {
        return seconds > 0 ? (totals.accepted() + totals.duplicates()) / seconds : 0;
    }

    /** Formats the totals in one line. */
    public String sentence() {
        long open = totals.deferredOrUnanswered();
        String others = open == 0 ? "" : String.format(Locale.ROOT, ", %,d deferred or unanswered", open);
        return String.format(
                Locale.ROOT,
                "%,d of %,d images sent in %.1f s: %,d accepted, %s, %,d refused%s; %,d sent again (%,.0f images/s)",
                totals.sent(),
                total,
                seconds,
                totals.accepted(),
                Plural.of(totals.duplicates(), "duplicate"),
                totals.refused(),
                others,
                totals.retried(),
                imagesPerSecond());
    }
}
