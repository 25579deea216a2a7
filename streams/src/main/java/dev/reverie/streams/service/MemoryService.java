package dev.reverie.streams.service;

import dev.reverie.actors.deduplication.ItemKeys;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.lifecycle.ClassInfo;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** The interface that a running service offers to its ingest sources and its API. Thread safe. */
public interface MemoryService {

    /** Stores a delivery. Completes when the delivery is durable, refused or deferred. */
    CompletionStage<DeliveryOutcome> admit(Delivery delivery);

    /**
     * Returns the items that were delivered and not {@linkplain #removeItems removed}. Completes when the store has
     * been read. Samples of these items are duplicates, however many samples the service has accepted since.
     */
    CompletionStage<ItemKeys> items();

    /** Removes items that their ingest source no longer has, because they will not be delivered again. */
    void removeItems(ItemKeys keys);

    /** Returns the status of all classes, in the order of first arrival. */
    CompletionStage<List<ClassInfo>> classes();

    /**
     * Returns the status of the class with this label, if the class exists; fails with an {@link UnavailableException}
     * while that is unknown.
     */
    CompletionStage<Optional<ClassInfo>> classNamed(String label);

    /** Returns the current memory; empty until a class has synthetic images. */
    CompletionStage<Optional<MemoryView>> memory();

    /**
     * Seals a class: the class accepts no more images, drops its real images and keeps its synthetic ones. Completes
     * when the change is durable.
     *
     * @return the status of the sealed class; empty if no class has this label; fails with an
     *     {@link UnavailableException} if the class cannot be read or written in the store, and with a
     *     {@link StoreDamagedException} if it is damaged
     */
    CompletionStage<Optional<ClassInfo>> seal(String label);

    /**
     * Like {@link #seal}, as soon as the class converges: at once if it has converged, and otherwise later, even after
     * a restart. Completes when the seal or the request for it is durable.
     *
     * @return the status of the class, which is sealed or to be sealed; otherwise like {@link #seal}
     */
    CompletionStage<Optional<ClassInfo>> sealWhenConverged(String label);

    /**
     * Cancels a {@link #sealWhenConverged}. Completes when that is durable.
     *
     * @return the status of the class, which is sealed already or no longer to be sealed; otherwise like {@link #seal}
     */
    CompletionStage<Optional<ClassInfo>> cancelSeal(String label);

    /**
     * Forgets a class: deletes everything about it, including its data in the store. Completes when the deletion is
     * durable.
     *
     * @return whether the class existed
     */
    CompletionStage<Boolean> forget(String label);

    /**
     * Begins a backup of everything that is durable now. The service continues meanwhile. The caller must close the
     * backup.
     *
     * @return fails with an {@link UnavailableException} if another backup has not been closed
     */
    CompletionStage<ServiceBackup> backup();

    /** Completes when the service responds: immediately, even while it is reading its store or waiting for it. */
    CompletionStage<Done> ping();

    /**
     * Returns the totals of the service. Completes immediately, even while the service waits for its store; fails with
     * an {@link UnavailableException} while the service is reading its store, because the totals are not known yet.
     */
    CompletionStage<ServiceStatus> status();

    /** Returns the cluster that this process is a node of; empty if it is a service by itself. */
    default Optional<ClusterView> cluster() {
        return Optional.empty();
    }

    /** Checks whether the service accepts deliveries and serves the memory. */
    CompletionStage<Readiness> readiness();

    /**
     * Returns the events after the given number that are still stored, and then all new events. Without a number,
     * returns only new events. A slow reader misses the oldest of the events that it has not read yet, and never delays
     * the service.
     */
    Source<ServiceEvent, NotUsed> events(Optional<Long> after);
}
