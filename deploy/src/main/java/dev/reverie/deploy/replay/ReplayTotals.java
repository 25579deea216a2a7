package dev.reverie.deploy.replay;

import dev.reverie.deploy.client.DeliveryReceipt;

/**
 * What a service said to a stream, in images. Those that were sent and are none of accepted, duplicate and refused got
 * no answer.
 *
 * @param sent at least once, each counted once
 * @param accepted new to the service
 * @param duplicates known to the service, be it from an earlier replay or because an answer got lost
 * @param refused for good
 * @param retried sent again, counted each time
 */
public record ReplayTotals(long sent, long accepted, long duplicates, long refused, long retried) {

    /** Before the first image. */
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

    /** Sent, and not answered for good. */
    public long unanswered() {
        return sent - accepted - duplicates - refused;
    }
}
