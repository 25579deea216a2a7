package dev.reverie.actors.service;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.Optional;

/**
 * How far a distillation without an end has come, over the life of its store.
 *
 * @param normalisation of the real data, found when there were enough; the same for as long as there is any class
 * @param nextOuter the first outer iteration that was not begun
 * @param innerLoops completed
 * @param outerIterations completed
 */
public record StoredProgress(
        Optional<Normalisation> normalisation, int nextOuter, long innerLoops, long outerIterations)
        implements Transferable {

    static final StoredProgress NONE = new StoredProgress(Optional.empty(), 0, 0, 0);

    /** Whether {@code other} came later. */
    boolean isBefore(StoredProgress other) {
        return innerLoops < other.innerLoops || nextOuter < other.nextOuter;
    }

    /** That of images of this shape; empty where a kill came before that of other images was dropped. */
    Optional<Normalisation> normalisation(ImageShape shape) {
        return normalisation.filter(known -> known.fits(shape));
    }

    StoredProgress founded(Normalisation found) {
        return new StoredProgress(Optional.of(found), nextOuter, innerLoops, outerIterations);
    }

    /** There are no classes any more; the next ones may be of other images. */
    StoredProgress unfounded() {
        return new StoredProgress(Optional.empty(), nextOuter, innerLoops, outerIterations);
    }

    StoredProgress beginning(int outer) {
        return new StoredProgress(normalisation, outer + 1, innerLoops, outerIterations);
    }

    StoredProgress afterLoop(boolean endsIteration) {
        return new StoredProgress(normalisation, nextOuter, innerLoops + 1, outerIterations + (endsIteration ? 1 : 0));
    }
}
