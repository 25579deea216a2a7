package dev.reverie.gpu.engine;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The real images chosen by a selection.
 *
 * @param indices indices of the chosen candidates; an index can occur more than once if several centroids share a
 *     nearest image or if {@link SelectTask#weighted()} is set
 * @param inertia mean squared distance between the candidates and their centroids; NaN if nothing was clustered
 * @param discrepancy distance between the distribution of the chosen images and that of all candidates, at least 0 (see
 *     {@link dev.reverie.gpu.select.MeanDiscrepancy}); empty if the selection uses no features
 */
public record SelectOutcome(List<Integer> indices, double inertia, OptionalDouble discrepancy) {

    public SelectOutcome {
        indices = List.copyOf(indices);
    }
}
