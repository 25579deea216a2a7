package dev.reverie.deploy.replay;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.client.DeliveryReceipt;
import dev.reverie.client.ReverieException;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.dataset.DatasetException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The result of a replay.
 *
 * @param refusals the first pictures that were refused or could not be read, each with the reason
 * @param failure why the replay failed: a {@link ReverieException} of a request, or a {@link DatasetException} if an
 *     image could not be read
 */
public record ReplayReport(
        Ending ending,
        int total,
        @JsonUnwrapped Totals totals,
        double seconds,
        List<String> refusals,
        @JsonIgnore Optional<Exception> failure) {

    public ReplayReport {
        refusals = List.copyOf(refusals);
        if ((ending == Ending.FAILED) != failure.isPresent()) {
            throw new IllegalArgumentException(
                    "a replay that ends as " + ending + " must have a failure exactly if FAILED");
        }
    }

    public enum Ending {
        COMPLETED,
        INTERRUPTED,
        FAILED
    }

    /**
     * Does nothing unless the replay has failed.
     *
     * @throws ReverieException the failure of a request
     * @throws DatasetException if an image could not be read
     */
    public void requireNoFailure() throws ReverieException {
        if (failure.isPresent()) {
            if (failure.get() instanceof ReverieException ofRequest) {
                throw ofRequest;
            }
            throw (DatasetException) failure.get();
        }
    }

    /** Returns the mean number of acknowledged images per second. */
    public double imagesPerSecond() {
        return seconds > 0 ? (totals.accepted() + totals.duplicates()) / seconds : 0;
    }

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

    /**
     * Counts a replay's images, grouped by the service's response. Images that were sent but are not counted as
     * accepted, duplicate or refused were either deferred or not answered by the service.
     *
     * @param sent number of images sent at least once
     * @param accepted number of images that were new to the service
     * @param duplicates number of images that the service had already accepted, either in an earlier replay or in a
     *     request whose response was lost
     * @param refused number of images that the service refused permanently, and of pictures that could not be read
     * @param retried number of resent images; an image counts once for each time it is resent
     */
    public record Totals(long sent, long accepted, long duplicates, long refused, long retried) {

        static final Totals NONE = new Totals(0, 0, 0, 0, 0);

        /** Formats the images so far of {@code total}, for the progress. */
        String sentOf(int total) {
            return String.format(
                    Locale.ROOT,
                    "%,d/%,d images, %,d accepted, %s",
                    sent,
                    total,
                    accepted,
                    Plural.of(duplicates, "duplicate"));
        }

        Totals plusSent(int images) {
            return new Totals(sent + images, accepted, duplicates, refused, retried);
        }

        Totals plus(DeliveryReceipt receipt) {
            return new Totals(sent, accepted + receipt.accepted(), duplicates + receipt.duplicates(), refused, retried);
        }

        Totals plusRefused(int images) {
            return new Totals(sent, accepted, duplicates, refused + images, retried);
        }

        Totals plusRetried(int images) {
            return new Totals(sent, accepted, duplicates, refused, retried + images);
        }

        /** Returns the number of images that the service deferred or did not answer. */
        public long deferredOrUnanswered() {
            return sent - accepted - duplicates - refused;
        }
    }
}
