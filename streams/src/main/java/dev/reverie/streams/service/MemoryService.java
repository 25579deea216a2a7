package dev.reverie.streams.service;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** What a running service does for whoever brings images, asks for the memory, or watches. Thread safe. */
public interface MemoryService {

    /** Takes in a delivery; answered when it is durable, or with the reason why it was not admitted. */
    CompletionStage<DeliveryOutcome> admit(Delivery delivery);

    /** Every class there is, in the order of first arrival. */
    CompletionStage<List<ClassStatus>> classes();

    /** The class of this name; empty if there is none. */
    CompletionStage<Optional<ClassStatus>> classNamed(String label);

    /** The memory now; empty before the first class has images to hand out. */
    CompletionStage<Optional<MemoryView>> memory();

    /**
     * The class takes no more images, its raw images are dropped, its synthetic ones stay; answered when that is
     * durable.
     *
     * @return the class as it is afterwards; empty if there is none of this name
     */
    CompletionStage<Optional<ClassStatus>> seal(String label);

    /**
     * Drops everything about a class, also from the store; answered when that is durable.
     *
     * @return whether there was such a class
     */
    CompletionStage<Boolean> forget(String label);

    /** Known at once, whatever the service waits for: where this is not answered, nothing is. */
    CompletionStage<ServiceStatus> status();

    /** Whether deliveries are taken in and the memory is handed out, and what stands in the way if not. */
    CompletionStage<Readiness> readiness();

    /**
     * What happens from now on, after what happened since the event of the given number, as far as it is remembered. A
     * reader that is too slow misses the oldest events, never holds up the service.
     */
    Source<ServiceEvent, NotUsed> events(Optional<Long> after);
}
