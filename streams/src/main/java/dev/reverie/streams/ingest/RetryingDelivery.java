package dev.reverie.streams.ingest;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IngestSource;
import dev.reverie.actors.intake.Sample;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.MemoryService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits deliveries for a door that can wait: one that is deferred, or not answered because the service failed, is
 * repeated until it is admitted or refused. Thread safe.
 */
public final class RetryingDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(RetryingDelivery.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final ActorSystem<?> system;
    private final MemoryService service;
    private final IngestSource door;
    private final IngestListener listener;
    private final AtomicLong answers;
    private volatile boolean closed;

    public RetryingDelivery(ActorSystem<?> system, MemoryService service, IngestSource door, IngestListener listener) {
        this(system, service, door, listener, new AtomicLong());
    }

    private RetryingDelivery(
            ActorSystem<?> system,
            MemoryService service,
            IngestSource door,
            IngestListener listener,
            AtomicLong answers) {
        this.system = system;
        this.service = service;
        this.door = door;
        this.listener = listener;
        this.answers = answers;
    }

    /**
     * For a stream that begins anew, and brings again what is not settled: this one repeats nothing from now on, the
     * other one goes on counting.
     */
    public RetryingDelivery successor() {
        close();
        return new RetryingDelivery(system, service, door, listener, answers);
    }

    /**
     * Brings samples until there is a last word on them.
     *
     * @param samples not empty
     * @return when all are durable, nothing; when they are refused, the refusal. Fails if the door closes before
     */
    public CompletionStage<Optional<Refusal>> admit(List<Sample> samples) {
        CompletableFuture<Optional<Refusal>> verdict = new CompletableFuture<>();
        attempt(new Delivery(door, samples), verdict);
        return verdict;
    }

    /** How many answers the service gave so far, also to put off: they grow while it lives. */
    public long answers() {
        return answers.get();
    }

    /** Repeats nothing from now on. */
    public void close() {
        closed = true;
    }

    private void attempt(Delivery delivery, CompletableFuture<Optional<Refusal>> verdict) {
        if (closed) {
            verdict.completeExceptionally(new CancellationException("the door was closed"));
            return;
        }
        CompletionStage<DeliveryOutcome> answer =
                CompletableFuture.completedStage(delivery).thenCompose(service::admit);
        answer.thenAccept(admission -> heed(admission, delivery, verdict)).whenComplete((_, failure) -> {
            if (failure != null) {
                LOG.warn("the service failed to answer a delivery, which is repeated", Asks.causeOf(failure));
                putOff("internal", AFTER_FAILURE, delivery, verdict);
            }
        });
    }

    private void heed(DeliveryOutcome admission, Delivery delivery, CompletableFuture<Optional<Refusal>> verdict) {
        answers.incrementAndGet();
        switch (admission) {
            case DeliveryOutcome.Accepted _ -> verdict.complete(Optional.empty());
            case DeliveryOutcome.Refused refused ->
                verdict.complete(
                        Optional.of(Refusal.of(refused, delivery.samples().size())));
            case DeliveryOutcome.Deferred deferred ->
                putOff(Refusal.reasonOf(deferred), deferred.retryAfter(), delivery, verdict);
        }
    }

    private void putOff(
            String reason, Duration pause, Delivery delivery, CompletableFuture<Optional<Refusal>> verdict) {
        listener.refused(door, reason, delivery.samples().size());
        system.scheduler().scheduleOnce(pause, () -> attempt(delivery, verdict), system.executionContext());
    }
}
