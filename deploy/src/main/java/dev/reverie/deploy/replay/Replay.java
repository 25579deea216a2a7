package dev.reverie.deploy.replay;

import dev.reverie.client.DeliveryReceipt;
import dev.reverie.client.Retries;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.client.Samples;
import dev.reverie.deploy.progress.Eta;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.replay.ReplayReport.Ending;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.Cancellation.StoppedException;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.streams.decode.SafeExcerpt;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Streams training images to a service, one delivery after another. Repeats a delivery that the service defers or does
 * not answer; because every sample has an id, repeated samples count only once. Not thread safe; can be run only once.
 */
public final class Replay {

    /** Time for which a delivery is repeated. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final double NANOS_PER_SECOND = 1e9;

    private final ReverieClient service;
    private final ReplayPlan plan;
    private final Cancellation cancellation;
    private final InstantSource clock;
    private final ProgressView view;
    private final Eta eta;
    private ReplayReport.Totals totals = ReplayReport.Totals.NONE;

    /**
     * Creates a replay.
     *
     * @param cancellation ends the replay after the current delivery, or at once during a pause
     * @param view shows the images that were sent, the answers of the service, and the time left
     */
    public Replay(
            ReverieClient service, ReplayPlan plan, Cancellation cancellation, InstantSource clock, ProgressView view) {
        this.service = service;
        this.plan = plan;
        this.cancellation = cancellation;
        this.clock = clock;
        this.view = view;
        this.eta = new Eta(plan.deliveries().size(), 0, Optional.empty());
    }

    /**
     * Streams the images until all are sent, the replay is cancelled, a delivery fails, or an image cannot be read; the
     * report says which.
     */
    public ReplayReport run() {
        Instant start = clock.instant();
        Ending ending = Ending.COMPLETED;
        Optional<Exception> failure = Optional.empty();
        try {
            stream();
        } catch (StoppedException _) {
            ending = Ending.INTERRUPTED;
        } catch (ReverieException | DatasetException e) {
            ending = Ending.FAILED;
            failure = Optional.of(e);
        }
        return new ReplayReport(ending, plan.places().size(), totals, secondsSince(start), failure);
    }

    private void stream() throws ReverieException {
        // without retries, which are only for a service that has answered before
        service.requireReachable();
        Instant due = clock.instant();
        Instant before = due;
        for (List<Integer> delivery : plan.deliveries()) {
            if (!cancellation.pause(Duration.between(clock.instant(), due))) {
                throw new StoppedException();
            }
            deliver(delivery);
            eta.loop(secondsSince(before));
            show(Eta.prefix(eta.left(Duration.ZERO))
                    + totals.sentOf(plan.places().size()));
            before = clock.instant();
            due = next(due, before, delivery.size());
        }
    }

    /** Returns when the next delivery is due at the configured rate; does not catch up after a delay. */
    private Instant next(Instant due, Instant now, int images) {
        return plan.rate()
                .map(rate -> due.plusNanos(Math.round(NANOS_PER_SECOND * images / rate)))
                .filter(next -> next.isAfter(now))
                .orElse(now);
    }

    private void deliver(List<Integer> delivery) throws ReverieException {
        Samples samples = samples(delivery);
        totals = totals.plusSent(delivery.size());
        try {
            DeliveryReceipt receipt =
                    new Retries(PATIENCE, clock, counting(delivery.size())).of(() -> service.deliver(samples));
            totals = totals.plus(receipt);
        } catch (ReverieException.Refused e) {
            DeliveryReceipt stored = e.receipt().orElse(new DeliveryReceipt(0, 0));
            totals = totals.plus(stored).plusRefused(delivery.size() - stored.accepted() - stored.duplicates());
            throw e;
        }
    }

    private Retries.Pauses counting(int images) {
        return (length, failure) -> {
            show("waiting: " + SafeExcerpt.line(String.valueOf(failure.getMessage()))); // it could control the terminal
            if (!cancellation.pause(length)) {
                throw new StoppedException();
            }
            totals = totals.plusRetried(images);
        };
    }

    private Samples samples(List<Integer> delivery) {
        List<LabelledImage> images =
                delivery.stream().map(plan.dataset().train()::get).toList();
        SampleNames names = plan.names();
        Samples samples = ImageSamples.of(
                images.stream().map(LabelledImage::image).toList(),
                images.stream().map(image -> names.labels().get(image.label())).toList());
        return names.ids()
                .map(ids -> samples.withIds(delivery.stream().map(ids::get).toList()))
                .orElse(samples);
    }

    private double secondsSince(Instant start) {
        return Duration.between(start, clock.instant()).toNanos() / NANOS_PER_SECOND;
    }

    private void show(String status) {
        view.show(
                (double) (totals.accepted() + totals.duplicates())
                        / plan.places().size(),
                status);
    }
}
