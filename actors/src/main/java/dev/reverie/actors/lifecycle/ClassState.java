package dev.reverie.actors.lifecycle;

import dev.reverie.actors.deduplication.FingerprintWindow;
import dev.reverie.actors.reservoir.Reservoir;
import dev.reverie.actors.serialization.Transferable;
import java.util.Optional;

/**
 * A class as its events left it. Immutable.
 *
 * @param phase COLLECTING at first
 * @param seen samples admitted so far; the ordinal of the next one
 * @param reservoir a uniform sample of them
 * @param window fingerprints of the last of them
 * @param learned empty while the class hands out real images
 */
public record ClassState(
        ClassPhase phase, long seen, Reservoir reservoir, FingerprintWindow window, Optional<LearnedImages> learned)
        implements Transferable {

    /**
     * A class that nothing has happened to. It has no capacity until it is given one.
     *
     * @param key seed of the choices of its reservoir
     */
    static ClassState unborn(long key) {
        return new ClassState(
                ClassPhase.COLLECTING, 0, Reservoir.empty(key, 0), FingerprintWindow.ofCapacity(0), Optional.empty());
    }

    ClassState after(ClassEvent event) {
        return switch (event) {
            case ClassEvent.SamplesAdmitted(var first, var samples, var kept) ->
                new ClassState(phase, first + samples.size(), reservoir.with(kept), window.with(samples), learned);
            case ClassEvent.ImagesLearned(var latest) ->
                new ClassState(phase, seen, reservoir, window, Optional.of(latest));
            case ClassEvent.PhaseEntered(var next)
            when next == ClassPhase.SEALED -> new ClassState(next, seen, reservoir.resized(0), window, learned);
            case ClassEvent.PhaseEntered(var next) -> new ClassState(next, seen, reservoir, window, learned);
            case ClassEvent.CapacityChanged(var capacity) ->
                new ClassState(
                        phase,
                        seen,
                        phase == ClassPhase.SEALED ? reservoir : reservoir.resized(capacity.images()),
                        window.resized(capacity.fingerprints()),
                        learned);
        };
    }

    /** Whether that would change nothing of what it may hold: a sealed class holds no images. */
    boolean has(ClassCapacity capacity) {
        return window.capacity() == capacity.fingerprints()
                && (phase == ClassPhase.SEALED || reservoir.capacity() == capacity.images());
    }

    /** What it may hold now; empty if nobody has said yet, or it is sealed and holds no images. */
    Optional<ClassCapacity> capacity() {
        return reservoir.capacity() == 0
                ? Optional.empty()
                : Optional.of(new ClassCapacity(reservoir.capacity(), window.capacity()));
    }

    /** About how many bytes a snapshot takes in the store. */
    long weight() {
        return StoredSizes.ROW
                + StoredSizes.of(reservoir.kept())
                + StoredSizes.of(window.size())
                + learned.map(StoredSizes::of).orElse(0L);
    }
}
