package dev.reverie.deploy.progress;

import dev.reverie.deploy.replay.Replay;
import dev.reverie.deploy.replay.ReplayReport;
import dev.reverie.deploy.text.Plural;
import dev.reverie.streams.decode.SafeExcerpt;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Shows the progress of a replay: images sent, responses from the service, and time left. */
public final class ReplayProgress implements Replay.Listener {

    private final ProgressView view;
    private final Eta eta;
    private double fraction;

    /**
     * Shows the replay in {@code view}, which the caller closes.
     *
     * @param deliveries number of deliveries
     */
    public ReplayProgress(ProgressView view, int deliveries) {
        this.view = view;
        this.eta = new Eta(deliveries, 0, Optional.empty());
    }

    @Override
    public void delivered(ReplayReport.Totals totals, int total, double seconds) {
        eta.loop(seconds);
        fraction = (double) totals.sent() / total;
        view.show(
                fraction,
                String.format(
                        Locale.ROOT,
                        "%s%,d/%,d images, %,d accepted, %s",
                        Eta.prefix(eta.left(Duration.ZERO)),
                        totals.sent(),
                        total,
                        totals.accepted(),
                        Plural.of(totals.duplicates(), "duplicate")));
    }

    @Override
    public void waiting(String reason) {
        view.show(fraction, "waiting: " + SafeExcerpt.line(reason)); // a service could control the terminal
    }
}
