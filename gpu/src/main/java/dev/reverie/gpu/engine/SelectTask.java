package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.select.SelectionRule;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Asks for a selection of real images of one class.
 *
 * @param network the newest matching network, whose features the rule compares if it uses features
 * @param candidates images of one class, not empty
 * @param count number of images to choose, 1 to {@code candidates.size()}; for {@link SelectionRule#STRATIFIED}, which
 *     orders all of them, the number of strata
 * @param perCentroid number of images that k-means chooses per cluster, at least 1
 * @param weighted whether the outcome of k-means repeats each chosen image in proportion to the size of its cluster
 */
public record SelectTask(
        NetworkId network,
        SelectionRule selection,
        List<Image> candidates,
        int count,
        int perCentroid,
        boolean weighted,
        long seed) {

    /** Creates a task that chooses one image per cluster and repeats no image. */
    public SelectTask(NetworkId network, SelectionRule selection, List<Image> candidates, int count, long seed) {
        this(network, selection, candidates, count, 1, false, seed);
    }

    public SelectTask {
        candidates = List.copyOf(candidates);
    }

    /**
     * The real images chosen by a selection.
     *
     * @param indices indices of the chosen candidates; an index can occur more than once if several centroids share a
     *     nearest image or if {@link SelectTask#weighted()} is set
     * @param inertia mean squared distance between the candidates and their centroids; NaN if nothing was clustered
     * @param discrepancy distance between the distribution of the chosen images and that of all candidates, at least 0
     *     (see {@link dev.reverie.gpu.select.MeanDiscrepancy}); empty if the selection uses no features
     */
    public record SelectOutcome(List<Integer> indices, double inertia, OptionalDouble discrepancy) {

        public SelectOutcome {
            indices = List.copyOf(indices);
        }
    }
}
