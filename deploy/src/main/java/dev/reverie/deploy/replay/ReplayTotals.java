package dev.reverie.deploy.replay;

import dev.reverie.deploy.client.DeliveryReceipt;

/**
 * Counts the images of a replay by the answers of the service. Images that are neither accepted, duplicate nor refused
 * got no answer.
 *
 * @param sent images sent at least once, each counted once
 * @param accepted new to the service
 * @param duplicates already known to the service, from an earlier replay or a lost answer
 * @param refused permanently
 * @param retried sent again, counted each time
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

    /** Returns the images without an answer. */
    public long unanswered() {
        return sent - accepted - duplicates - refused;
    }
}
