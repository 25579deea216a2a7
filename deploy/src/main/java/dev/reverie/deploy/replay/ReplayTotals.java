package dev.reverie.deploy.replay;

import dev.reverie.client.DeliveryReceipt;

/**
 * Counts a replay's images, grouped by the service's response. Images that were sent but are not counted as accepted,
 * duplicate or refused were either deferred or not answered by the service.
 *
 * @param sent number of images sent at least once
 * @param accepted number of images that were new to the service
 * @param duplicates number of images that the service had already accepted, either in an earlier replay or in a request
 *     whose response was lost
 * @param refused number of images that the service refused permanently
 * @param retried number of resent images; an image counts once for each time it is resent
 */
public record ReplayTotals(long sent, long accepted, long duplicates, long refused, long retried) {

    /** The totals before the first image. */
    static final ReplayTotals NONE = new ReplayTotals(0, 0, 0, 0, 0);

    ReplayTotals plusSent(int images) {
        return new ReplayTotals(sent + images, accepted, duplicates, refused, retried);
    }

    ReplayTotals plus(DeliveryReceipt receipt) {
        return new ReplayTotals(
                sent, accepted + receipt.accepted(), duplicates + receipt.duplicates(), refused, retried);
    }

    ReplayTotals plusRefused(int images) {
        return new ReplayTotals(sent, accepted, duplicates, refused + images, retried);
    }

    ReplayTotals plusRetried(int images) {
        return new ReplayTotals(sent, accepted, duplicates, refused, retried + images);
    }

    /** Returns the number of images that the service deferred or did not answer. */
    public long deferredOrUnanswered() {
        return sent - accepted - duplicates - refused;
    }
}
