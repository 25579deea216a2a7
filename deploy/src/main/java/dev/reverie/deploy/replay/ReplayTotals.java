package dev.reverie.deploy.replay;

import dev.reverie.deploy.client.DeliveryReceipt;

/**
 * Counts the images of a replay by the response of the service. Images that were sent, but are neither accepted,
 * duplicate nor refused, were deferred or not answered.
 *
 * @param sent number of images sent at least once
 * @param accepted number of images that were new to the service
 * @param duplicates number of images that the service had accepted before, in an earlier replay or with a lost response
 * @param refused number of images that the service refused permanently
 * @param retried number of images sent again, each counted every time
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
