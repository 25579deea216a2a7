package dev.reverie.actors.lifecycle;

import dev.reverie.actors.deduplication.FingerprintWindow;
import dev.reverie.actors.reservoir.Reservoir;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.Optional;

/**
 * The durable state of a class, computed by applying all events of the class. Immutable.
 *
 * @param phase phase of the class, COLLECTING at first
 * @param seen number of samples so far; also the ordinal of the next sample
 * @param reservoir uniform random sample of the class's images
 * @param window fingerprints of the most recent samples
 * @param learned the learned images; empty while clients get real images
 * @param sealRequested whether the class is to be sealed as soon as it converges; false for a sealed class
 */
public record ClassState(
        ClassPhase phase,
        long seen,
        Reservoir reservoir,
        FingerprintWindow window,
        Optional<LearnedImages> learned,
        boolean sealRequested)
        implements Transferable {

    /**
     * The state of a class before its first event. It has no capacity yet.
     *
     * @param reservoirKey seed of the random choices of the reservoir
     */
    static ClassState empty(long reservoirKey) {
        return new ClassState(
                ClassPhase.COLLECTING,
                0,
                Reservoir.empty(reservoirKey, 0),
                FingerprintWindow.ofCapacity(0),
                Optional.empty(),
                false);
    }

    ClassState after(ClassEvent event) {
        return switch (event) {
            case ClassEvent.SamplesAdded(var first, var fingerprints, var chosen) ->
                new ClassState(
                        phase,
                        first + fingerprints.size(),
                        reservoir.with(chosen),
                        window.with(fingerprints),
                        learned,
                        sealRequested);
            case ClassEvent.ImagesLearned(var latest) ->
                new ClassState(phase, seen, reservoir, window, Optional.of(latest), sealRequested);
            case ClassEvent.PhaseEntered(var next)
            when next == ClassPhase.SEALED -> new ClassState(next, seen, reservoir.resized(0), window, learned, false);
            case ClassEvent.PhaseEntered(var next) ->
                new ClassState(next, seen, reservoir, window, learned, sealRequested);
            case ClassEvent.SealRequested(var requested) ->
                new ClassState(phase, seen, reservoir, window, learned, requested);
            case ClassEvent.CapacityChanged(var capacity) ->
                new ClassState(
                        phase,
                        seen,
                        phase == ClassPhase.SEALED ? reservoir : reservoir.resized(capacity.images()),
                        window.resized(capacity.fingerprints()),
                        learned,
                        sealRequested);
        };
    }

    /**
     * Whether the class has this capacity already; for a sealed class, which has no images, only the fingerprints
     * count.
     */
    boolean has(ClassCapacity capacity) {
        return window.capacity() == capacity.fingerprints()
                && (phase == ClassPhase.SEALED || reservoir.capacity() == capacity.images());
    }

    /** The capacity; empty before the first samples and for a sealed class. */
    Optional<ClassCapacity> capacity() {
        return reservoir.capacity() == 0
                ? Optional.empty()
                : Optional.of(new ClassCapacity(reservoir.capacity(), window.capacity()));
    }

    /** Approximate size of a snapshot in the store, in bytes. */
    long storedBytes() {
        return StoredSizes.ROW
                + StoredSizes.of(reservoir.entries())
                + StoredSizes.of(window.size())
                + learned.map(StoredSizes::of).orElse(0L);
    }
}
