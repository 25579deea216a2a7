package dev.reverie.deploy.replay;

/** Observes a replay. */
public interface ReplayListener {

    /**
     * Called when a delivery is accepted.
     *
     * @param total number of images of the whole replay
     * @param seconds since the delivery before
     */
    void delivered(ReplayTotals totals, int total, double seconds);

    /** Called when the service defers a delivery for a {@code reason}; it is repeated after a pause. */
    void waiting(String reason);

    /** Creates a listener that does nothing. */
    static ReplayListener silent() {
        return new ReplayListener() {
            @Override
            public void delivered(ReplayTotals totals, int total, double seconds) {}

            @Override
            public void waiting(String reason) {}
        };
    }
}
