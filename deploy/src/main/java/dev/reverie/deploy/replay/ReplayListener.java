package dev.reverie.deploy.replay;

/** Hears how a replay gets on. */
public interface ReplayListener {

    /**
     * A delivery was taken in.
     *
     * @param total images of the whole replay
     * @param seconds since the one before
     */
    void delivered(ReplayTotals totals, int total, double seconds);

    /** The service did not take a delivery for now, as {@code reason} says; it is repeated after a pause. */
    void waiting(String reason);

    /** Hears nothing. */
    static ReplayListener silent() {
        return new ReplayListener() {
            @Override
            public void delivered(ReplayTotals totals, int total, double seconds) {}

            @Override
            public void waiting(String reason) {}
        };
    }
}
