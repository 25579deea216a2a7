package dev.reverie.streams.service;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** The interface of a running service to its ingest sources and its API. Thread safe. */
public interface MemoryService {

    /** Stores a delivery. Completes when it is durable, refused or deferred. */
    CompletionStage<DeliveryOutcome> admit(Delivery delivery);

    /** All classes, in the order of first arrival. */
    CompletionStage<List<ClassStatus>> classes();

    /** The class with this label, if it exists. */
    CompletionStage<Optional<ClassStatus>> classNamed(String label);

    /** The current memory; empty until a class has synthetic images. */
    CompletionStage<Optional<MemoryView>> memory();

    /**
     * Seals a class: it accepts no more images, drops its real images and keeps its synthetic ones. Completes when that
     * is durable.
     *
     * @return the sealed class; empty if no class has this label
     */
    CompletionStage<Optional<ClassStatus>> seal(String label);

    /**
     * Forgets a class: deletes everything about it, also from the store. Completes when that is durable.
     *
     * @return whether the class existed
     */
    CompletionStage<Boolean> forget(String label);

    /** Returns the totals of the service. Completes at once, even while the service waits for its store. */
    CompletionStage<ServiceStatus> status();

    /** Checks whether the service accepts deliveries and serves the memory. */
    CompletionStage<Readiness> readiness();

    /**
     * The events after the given number, as far as they are still stored, and then all new ones. A reader that is too
     * slow misses the oldest events; it never delays the service.
     */
    Source<ServiceEvent, NotUsed> events(Optional<Long> after);
}
