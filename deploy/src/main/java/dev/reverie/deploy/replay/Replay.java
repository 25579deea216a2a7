package dev.reverie.deploy.replay;

import dev.reverie.deploy.client.DeliveryReceipt;
import dev.reverie.deploy.client.Retries;
import dev.reverie.deploy.client.ServiceClient;
import dev.reverie.deploy.client.ServiceException;
import dev.reverie.deploy.replay.ReplayReport.Ending;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.StoppedException;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.NpzSamples;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Streams training images to a service, one delivery after the other. A delivery that the service does not take for
 * now, or whose answer gets lost, is repeated: ids keep it from counting twice. Not thread safe; used once.
 */
public final class Replay {

    private static final double NANOS = 1e9;

    private final ServiceClient service;
    private final ReplayPlan plan;
    private final Cancellation patience;
    private final InstantSource clock;
    private final ReplayListener listener;
    private ReplayTotals totals = ReplayTotals.NONE;

    /**
     * A replay.
     *
     * @param patience ends the replay after the delivery in hand, or at once while it waits
     */
    public Replay(
            ServiceClient service,
            ReplayPlan plan,
            Cancellation patience,
            InstantSource clock,
            ReplayListener listener) {
        this.service = service;
        this.plan = plan;
        this.patience = patience;
        this.clock = clock;
        this.listener = listener;
    }

    /** Streams everything, or until the user or the service wants no more: the report says which. */
    public ReplayReport run() {
        Instant start = clock.instant();
        Ending ending = Ending.COMPLETED;
        Optional<ServiceException> failure = Optional.empty();
        try {
            stream();
        } catch (StoppedException _) {
            ending = Ending.INTERRUPTED;
        } catch (ServiceException e) {
            ending = Ending.FAILED;
            failure = Optional.of(e);
        }
        return new ReplayReport(ending, plan.places().size(), totals, secondsSince(start), failure);
    }

    private void stream() throws ServiceException {
        service.requireReachable(); // one that was never there is not waited for
        Instant due = clock.instant();
        Instant before = due;
        for (List<Integer> delivery : plan.deliveries()) {
            if (!patience.pause(Duration.between(clock.instant(), due))) {
                throw new StoppedException();
            }
            bring(delivery);
            listener.delivered(totals, plan.places().size(), secondsSince(before));
            before = clock.instant();
            due = next(due, before, delivery.size());
        }
    }

    /** A stream that was held up goes on at its rate, without making up for lost time. */
    private Instant next(Instant due, Instant now, int images) {
        return plan.rate()
                .map(rate -> due.plusNanos(Math.round(NANOS * images / rate)))
                .filter(next -> next.isAfter(now))
                .orElse(now);
    }

    private void bring(List<Integer> delivery) throws ServiceException {
        NpzSamples samples = samples(delivery);
        totals = totals.plusSent(delivery.size());
        try {
            DeliveryReceipt receipt =
                    new Retries(patience, clock, counting(delivery.size())).of(() -> service.bring(samples));
            totals = totals.plus(receipt);
        } catch (ServiceException.Refused e) {
            totals = totals.plusRefused(delivery.size());
            throw e;
        }
    }

    private Retries.Listener counting(int images) {
        return new Retries.Listener() {
            @Override
            public void waiting(String reason) {
                listener.waiting(reason);
            }

            @Override
            public void again() {
                totals = totals.plusRetried(images);
            }
        };
    }

    private NpzSamples samples(List<Integer> delivery) {
        List<LabelledImage> images =
                delivery.stream().map(plan.dataset().train()::get).toList();
        SampleNames names = plan.names();
        return new NpzSamples(
                images.stream().map(LabelledImage::image).toList(),
                images.stream().map(image -> names.labels().get(image.label())).toList(),
                Optional.of(delivery.stream().map(names::id).toList()));
    }

    private double secondsSince(Instant start) {
        return Duration.between(start, clock.instant()).toNanos() / NANOS;
    }
}
