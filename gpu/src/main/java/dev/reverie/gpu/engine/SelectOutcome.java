package dev.reverie.gpu.engine;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The chosen images.
 *
 * @param indices into the task's candidates, as many as were asked for; two centroids may share their nearest image
 * @param inertia mean squared distance of the candidates to their centroid; NaN where no clustering took place
 * @param discrepancy how far the chosen ones are from standing for the candidates, at least 0, see
 *     {@link dev.reverie.gpu.select.MeanDiscrepancy}; empty where no features were looked at
 */
public record SelectOutcome(List<Integer> indices, double inertia, OptionalDouble discrepancy) {

    public SelectOutcome {
        indices = List.copyOf(indices);
    }
}
