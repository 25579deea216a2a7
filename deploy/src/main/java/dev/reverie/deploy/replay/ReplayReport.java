package dev.reverie.deploy.replay;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.deploy.client.ServiceException;
import java.util.Locale;
import java.util.Optional;

/**
 * How a replay went.
 *
 * @param total images there were to send
 * @param failure why it ended early, if not by the user's wish
 */
public record ReplayReport(
        Ending ending,
        int total,
        @JsonUnwrapped ReplayTotals totals,
        double seconds,
        @JsonIgnore Optional<ServiceException> failure) {

    /** How a replay ends. */
    public enum Ending {
        COMPLETED,
        INTERRUPTED,
        FAILED
    }

    /** Acknowledged images a second, over the whole replay. */
    public double imagesPerSecond() {
        return seconds > 0 ? (totals.accepted() + totals.duplicates()) / seconds : 0;
    }

    /** The totals in one line. */
    public String sentence() {
        String unanswered =
                totals.unanswered() == 0 ? "" : String.format(Locale.ROOT, ", %,d unanswered", totals.unanswered());
        return String.format(
                Locale.ROOT,
                "%,d of %,d images sent in %.1f s: %,d accepted, %,d duplicates, %,d refused%s; %,d sent again (%,.0f images/s)",
                totals.sent(),
                total,
                seconds,
                totals.accepted(),
                totals.duplicates(),
                totals.refused(),
                unanswered,
                totals.retried(),
                imagesPerSecond());
    }
}
