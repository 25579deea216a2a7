package dev.reverie.deploy.progress;

import dev.reverie.deploy.replay.ReplayListener;
import dev.reverie.deploy.replay.ReplayTotals;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Shows a replay: how much is over, what the service said, time left. */
public final class ReplayProgress implements ReplayListener {

    private final ProgressView view;
    private final Eta eta;
    private double fraction;

    /**
     * Shows the replay in {@code view}, which stays the caller's to close.
     *
     * @param deliveries there will be
     */
    public ReplayProgress(ProgressView view, int deliveries) {
        this.view = view;
        this.eta = new Eta(deliveries, 0, Optional.empty());
    }

    @Override
    public void delivered(ReplayTotals totals, int total, double seconds) {
        eta.loop(seconds);
        fraction = (double) totals.sent() / total;
        view.show(
                fraction,
                String.format(
                        Locale.ROOT,
                        "%s%,d/%,d images, %,d accepted, %,d duplicates",
                        Eta.prefix(eta.left(Duration.ZERO)),
                        totals.sent(),
                        total,
                        totals.accepted(),
                        totals.duplicates()));
    }

    @Override
    public void waiting(String reason) {
        view.show(fraction, "waiting: " + reason);
    }
}
