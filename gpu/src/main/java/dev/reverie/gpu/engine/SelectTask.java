package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.select.SelectionRule;
import java.util.List;

/**
 * Asks for a selection of real images of one class.
 *
 * @param network the newest matching network, whose features the rule compares if it uses features
 * @param selection the rule by which images are chosen
 * @param candidates images of one class, not empty
 * @param count number of images to choose, 1 to {@code candidates.size()}; for {@link SelectionRule#STRATIFIED}, which
 *     orders all of them, the number of strata
 * @param perCentroid number of images that k-means chooses per cluster, at least 1
 * @param weighted whether the outcome of k-means repeats each chosen image in proportion to the size of its cluster
 * @param seed seed for all random choices
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
}
