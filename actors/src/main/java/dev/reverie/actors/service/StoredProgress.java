package dev.reverie.actors.service;

import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.Layouts;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.List;
import java.util.Optional;

/**
 * The progress of a service's distillation over the lifetime of its store.
 *
 * @param normalisation normalisation of the real data, computed from the images of the first classes and kept until the
 *     last class is forgotten
 * @param nextOuter index of the next outer iteration to begin
 */
public record StoredProgress(
        Optional<Normalisation> normalisation, int nextOuter, long innerLoops, long outerIterations)
        implements Transferable {

    static final StoredProgress NONE = new StoredProgress(Optional.empty(), 0, 0, 0);

    /** Whether {@code other} is later progress. */
    boolean isBefore(StoredProgress other) {
        return innerLoops < other.innerLoops || nextOuter < other.nextOuter;
    }

    /**
     * The normalisation, if it fits images of the given shape. It does not fit if the process was killed before the
     * normalisation of earlier images was dropped.
     */
    Optional<Normalisation> normalisation(ImageShape shape) {
        return normalisation.filter(known -> known.fits(shape));
    }

    StoredProgress withNormalisation(Optional<Normalisation> next) {
        return new StoredProgress(next, nextOuter, innerLoops, outerIterations);
    }

    StoredProgress afterIterationBegan(int outer) {
        return new StoredProgress(normalisation, outer + 1, innerLoops, outerIterations);
    }

    StoredProgress afterLoop(boolean endsIteration) {
        return new StoredProgress(normalisation, nextOuter, innerLoops + 1, outerIterations + (endsIteration ? 1 : 0));
    }

    public static final class Formats implements FormatProvider {

        @Override
        public List<VersionedFormat<?>> formats(Layouts layouts) {
            return List.of(layouts.format("distillation-progress", StoredProgress.class));
        }
    }
}
