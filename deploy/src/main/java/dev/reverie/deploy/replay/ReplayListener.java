package dev.reverie.deploy.replay;

/** Observes a replay. */
public interface ReplayListener {

    /**
     * Called when a delivery is accepted.
     *
     * @param total number of images in the whole replay
     * @param seconds seconds since the previous delivery was accepted, or since the start of the replay
     */
    void delivered(ReplayTotals totals, int total, double seconds);

    /** Called when the service defers or does not answer a delivery, which is sent again after a pause. */
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
