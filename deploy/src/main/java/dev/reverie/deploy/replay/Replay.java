package dev.reverie.deploy.replay;

import dev.reverie.client.DeliveryReceipt;
import dev.reverie.client.Retries;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.client.Samples;
import dev.reverie.deploy.replay.ReplayReport.Ending;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.StoppedException;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.LabelledImage;
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
    private final Listener listener;
    private ReplayReport.Totals totals = ReplayReport.Totals.NONE;

    /**
     * Creates a replay.
     *
     * @param cancellation ends the replay after the current delivery, or at once during a pause
     */
    public Replay(
            ReverieClient service, ReplayPlan plan, Cancellation cancellation, InstantSource clock, Listener listener) {
        this.service = service;
        this.plan = plan;
        this.cancellation = cancellation;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * Streams the images until all are sent, the replay is cancelled, a delivery fails, or an image cannot be read; the
     * report says which.
     */
    public ReplayReport run() {
        Instant start = clock.instant();
        Ending ending = Ending.COMPLETED;
        Optional<ReverieException> failure = Optional.empty();
        Optional<DatasetException> unreadable = Optional.empty();
        try {
            stream();
        } catch (StoppedException _) {
            ending = Ending.INTERRUPTED;
        } catch (ReverieException e) {
            ending = Ending.FAILED;
            failure = Optional.of(e);
        } catch (DatasetException e) {
            ending = Ending.FAILED;
            unreadable = Optional.of(e);
        }
        return new ReplayReport(ending, plan.places().size(), totals, secondsSince(start), failure, unreadable);
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
            listener.delivered(totals, plan.places().size(), secondsSince(before));
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
            listener.waiting(String.valueOf(failure.getMessage()));
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

    /** Observes a replay. */
    public interface Listener {

        /**
         * Called when a delivery is accepted.
         *
         * @param total number of images in the whole replay
         * @param seconds seconds since the previous delivery was accepted, or since the start of the replay
         */
        void delivered(ReplayReport.Totals totals, int total, double seconds);

        /** Called when the service defers or does not answer a delivery, which is sent again after a pause. */
        void waiting(String reason);

        /** Creates a listener that does nothing. */
        static Listener silent() {
            return new Listener() {
                @Override
                public void delivered(ReplayReport.Totals totals, int total, double seconds) {}

                @Override
                public void waiting(String reason) {}
            };
        }
    }
}
