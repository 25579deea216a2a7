package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.store.StoreFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The deliveries in hand, from their arrival to their answer. They are examined in the order of their arrival. Owned by
 * the intake.
 */
final class DeliveryProcessor {

    private final ClassSupervisor keeping;
    private final IntakeLimits limits;
    private final DuplicateIndex known = new DuplicateIndex();
    private final PendingDeliveries flights = new PendingDeliveries();
    private final Deque<IncomingDelivery> arrivals = new ArrayDeque<>();
    private final DeliveryValidator examination;

    DeliveryProcessor(ClassSupervisor keeping, IntakePlan plan) {
        this.keeping = keeping;
        this.limits = plan.limits();
        this.examination = new DeliveryValidator(keeping.classes(), known, plan);
    }

    long bytesInFlight() {
        return flights.bytes();
    }

    void take(Delivery delivery, ActorRef<DeliveryOutcome> replyTo) {
        long bytes = IncomingDelivery.bytesOf(delivery);
        if (flights.bytes() > 0 && flights.bytes() + bytes > limits.bytesInFlight()) {
            replyTo.tell(DeferredReplies.OVERLOADED);
            return;
        }
        flights.opened(bytes);
        arrivals.add(IncomingDelivery.of(delivery, replyTo));
        proceed();
    }

    /** Examines what has arrived, until something has to be waited for. */
    void proceed() {
        for (IncomingDelivery next = arrivals.peek(); next != null && settle(next); next = arrivals.peek()) {
            arrivals.remove();
        }
    }

    /** Whether the delivery has had its turn. */
    private boolean settle(IncomingDelivery arrival) {
        return switch (examination.of(arrival, keeping.shape())) {
            case DeliveryValidator.Answered(var admission) -> {
                answer(arrival, admission);
                yield true;
            }
            case DeliveryValidator.Passed passed -> {
                dispatch(arrival, passed);
                yield true;
            }
            case DeliveryValidator.Waiting() -> false;
            case DeliveryValidator.Unregistered(var labels, var shape) -> {
                keeping.register(labels, shape);
                yield false;
            }
        };
    }

    private void answer(IncomingDelivery arrival, DeliveryOutcome admission) {
        arrival.replyTo().tell(admission);
        flights.closed(arrival.bytes());
    }

    private void dispatch(IncomingDelivery arrival, DeliveryValidator.Passed passed) {
        PendingDelivery flight = new PendingDelivery(
                arrival.replyTo(),
                new DeliveryOutcome.Accepted(passed.accepted(), passed.duplicates()),
                arrival.bytes());
        passed.fresh().forEach((entry, indices) -> {
            if (!indices.isEmpty()) {
                send(arrival, entry, indices);
            }
            if (entry.assigned() > entry.durable()) {
                flights.await(flight, entry.label(), entry.assigned());
            }
        });
        flights.complete(flight);
    }

    private void send(IncomingDelivery arrival, ClassEntry entry, List<Integer> indices) {
        List<SampleFingerprint> fingerprints =
                indices.stream().map(arrival.fingerprints()::get).toList();
        long first = entry.assign(indices.size());
        fingerprints.forEach(
                each -> known.add(entry.label(), each, entry.capacity().fingerprints()));
        entry.actor()
                .tell(new ClassCommand.Admit(
                        entry.epoch(),
                        first,
                        FingerprintBlock.of(fingerprints),
                        indices.stream()
                                .map(i -> arrival.samples().get(i).image())
                                .toList()));
    }

    /** A class has said something; to be followed by {@link #proceed}. */
    void told(ClassEntry entry, ClassReport report) {
        switch (report) {
            case ClassReport.Admitted admitted -> flights.durable(entry.label(), admitted.seen());
            case ClassReport.Recovered recovered -> {
                flights.fail(entry.label(), DeferredReplies.of(StoreFailure.UNAVAILABLE));
                known.replace(entry.label(), recovered.known());
                trim(entry);
            }
            case ClassReport.Failed failed -> flights.fail(entry.label(), DeferredReplies.of(entry));
            case ClassReport.PhaseEntered entered -> {}
        }
    }

    /**
     * The registry has said something, so each class may have been dealt another share; to be followed by
     * {@link #proceed}.
     */
    void recorded(ClassRegistryActor.Report report) {
        if (report instanceof ClassRegistryActor.Failed(var failure, var detail)) {
            while (!arrivals.isEmpty()) {
                answer(arrivals.remove(), DeferredReplies.of(failure));
            }
        }
        keeping.classes().all().forEach(this::trim);
    }

    private void trim(ClassEntry entry) {
        known.trim(entry.label(), entry.capacity().fingerprints());
    }

    /**
     * Nothing is known of a class any more, and what is on its way to it won't come; to be followed by
     * {@link #proceed}.
     */
    void abandon(ClassEntry entry) {
        List<IncomingDelivery> late =
                arrivals.stream().filter(each -> each.isFor(entry.name())).toList();
        arrivals.removeIf(each -> each.isFor(entry.name()));
        late.forEach(each -> answer(each, DeferredReplies.FORGOTTEN));
        flights.fail(entry.label(), DeferredReplies.FORGOTTEN);
        known.forget(entry.label());
    }
}
