package dev.reverie.actors.store;

/**
 * Decides when to retry something that keeps failing. Counts the seconds of the failure, and doubles the pause after
 * each retry. Not thread safe.
 */
final class RetryPause {

    private final int longest;
    private int pause = 1;
    private int waited;

    /**
     * Creates an instance whose first pause is one second.
     *
     * @param longest longest pause, in seconds, at least 1
     */
    RetryPause(int longest) {
        this.longest = longest;
    }

    /** Whether to retry now; must be called once in each second of a failure. */
    boolean isOver() {
        waited++;
        if (waited < pause) {
            return false;
        }
        waited = 0;
        pause = Math.min(longest, 2 * pause);
        return true;
    }

    /**
     * Shortens the next pause by a second; must be called once in each second without a failure. A failure that follows
     * soon thus begins with a long pause: a full store may have room for the retry, but not for a delivery.
     */
    void shorten() {
        waited = 0;
        pause = Math.max(1, pause - 1);
    }
}
