package dev.reverie.streams.ingest;

import dev.reverie.actors.Asks;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.deduplication.DeliveredFile;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.MemoryService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers samples to the service. If a delivery is deferred or fails, retries it until the service accepts or refuses
 * it. Thread safe.
 */
public final class RetryingDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(RetryingDelivery.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final ActorSystem<?> system;
    private final MemoryService service;
    private final IngestSource source;
    private final IngestListener listener;
    private final AtomicLong outcomes;
    private volatile boolean closed;

    /**
     * A delivery until it is accepted or refused.
     *
     * @param warning one for each delivery, so that others that succeed do not hide how often this one has failed
     */
    private record Attempts(Delivery delivery, CompletableFuture<DeliveryOutcome> result, ThrottledWarning warning) {}

    public RetryingDelivery(
            ActorSystem<?> system, MemoryService service, IngestSource source, IngestListener listener) {
        this(system, service, source, listener, new AtomicLong());
    }

    private RetryingDelivery(
            ActorSystem<?> system,
            MemoryService service,
            IngestSource source,
            IngestListener listener,
            AtomicLong outcomes) {
        this.system = system;
        this.service = service;
        this.source = source;
        this.listener = listener;
        this.outcomes = outcomes;
    }

    /**
     * Creates the successor of this object for a restarted stream, which reads unfinished items again. This object
     * stops retrying, and the successor continues its count of outcomes.
     */
    public RetryingDelivery restarted() {
        close();
        return new RetryingDelivery(system, service, source, listener, outcomes);
    }

    /**
     * Delivers samples until they are accepted or refused.
     *
     * @param items the items of all the samples; empty if repetitions are to be recognised by the samples alone
     * @return completes when the service has accepted or refused the delivery; fails if this object is closed first
     */
    public CompletionStage<DeliveryOutcome> deliver(List<Sample> samples, List<DeliveredFile> items) {
        CompletableFuture<DeliveryOutcome> result = new CompletableFuture<>();
        attempt(new Attempts(new Delivery(source, samples, items), result, new ThrottledWarning()));
        return result;
    }

    /** Returns the number of outcomes so far, including deferrals. It grows as long as the service responds. */
    public long outcomes() {
        return outcomes.get();
    }

    /** Stops all retries. */
    public void close() {
        closed = true;
    }

    private void attempt(Attempts attempts) {
        if (closed) {
            attempts.result().completeExceptionally(new CancellationException("the ingest source was closed"));
            return;
        }
        CompletionStage<DeliveryOutcome> outcome =
                CompletableFuture.completedStage(attempts.delivery()).thenCompose(service::admit);
        outcome.thenAccept(received -> handle(received, attempts)).whenComplete((_, failure) -> {
            if (failure != null) {
                onFailed(attempts, Asks.causeOf(failure));
            }
        });
    }

    private void onFailed(Attempts attempts, Throwable failure) {
        if (attempts.warning().isDue(failure.getClass())) {
            LOG.warn(
                    "The service failed to process a delivery, because of the following error, and tries again",
                    failure);
        }
        retryLater(DeliveryOutcome.Cause.INTERNAL, AFTER_FAILURE, attempts);
    }

    private void handle(DeliveryOutcome outcome, Attempts attempts) {
        outcomes.incrementAndGet();
        switch (outcome) {
            case DeliveryOutcome.Accepted _, DeliveryOutcome.Refused _ ->
                attempts.result().complete(outcome);
            case DeliveryOutcome.Deferred deferred -> retryLater(deferred.cause(), deferred.retryAfter(), attempts);
        }
    }

    private void retryLater(DeliveryOutcome.Cause reason, Duration pause, Attempts attempts) {
        listener.deferred(source, reason.label());
        system.scheduler().scheduleOnce(pause, () -> attempt(attempts), system.executionContext());
    }
}
