package dev.reverie.gpu.engine;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The real images chosen by a selection.
 *
 * @param indices into the task's candidates, as many as requested; two centroids may share their nearest image
 * @param inertia mean squared distance of the candidates to their centroid; NaN if nothing was clustered
 * @param discrepancy distance between the distributions of the chosen images and of all candidates, at least 0, see
 *     {@link dev.reverie.gpu.select.MeanDiscrepancy}; empty if the selection uses no features
 */
public record SelectOutcome(List<Integer> indices, double inertia, OptionalDouble discrepancy) {

    public SelectOutcome {
        indices = List.copyOf(indices);
    }
}
