package dev.reverie.actors.store;

/**
 * Decides in which of the seconds in which something fails it is tried again. The pauses between two such moments
 * double. Not thread safe.
 */
final class RetryPause {

    private final int longest;
    private int pause = 1;
    private int waited;

    /**
     * Creates a pause of a second.
     *
     * @param longest limit of the pauses, in seconds
     */
    RetryPause(int longest) {
        this.longest = longest;
    }

    /** Whether to try now; must be called in each second of a failure. */
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
     * Shortens the pauses; must be called in each second without a failure. A failure that follows soon thus does not
     * begin with short pauses again, because a trial of a full store may need less space than a delivery.
     */
    void shorten() {
        waited = 0;
        pause = Math.max(1, pause - 1);
    }
}
