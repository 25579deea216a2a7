package dev.reverie.gpu.method;

import java.util.List;

/**
 * The chosen images.
 *
 * @param indices into the task's candidates, as many as were asked for; two centroids may share their nearest image
 * @param inertia mean squared distance of the candidates to their centroid; NaN where no clustering took place
 */
public record SelectOutcome(List<Integer> indices, double inertia) {

    public SelectOutcome {
        indices = List.copyOf(indices);
    }
}
