package dev.reverie.actors.store;

/**
 * Decides in which seconds a full store is tried. The pauses between two trials grow while the store stays full, or is
 * full again soon after a trial that succeeded, since a trial may need less space than a delivery. Not thread safe.
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

    /** Whether to try now; must be called in each second in which the store is full. */
    boolean isOver() {
        waited++;
        if (waited < pause) {
            return false;
        }
        waited = 0;
        pause = Math.min(longest, 2 * pause);
        return true;
    }

    /** Must be called in each second in which the store is not full. */
    void shorten() {
        waited = 0;
        pause = Math.max(1, pause - 1);
    }
}
