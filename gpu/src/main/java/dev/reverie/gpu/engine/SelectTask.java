package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.select.SelectionRule;
import java.util.List;

/**
 * A choice of real images in the feature space of a network.
 *
 * @param candidates images of one class, not empty
 * @param count how many to choose, 1 to {@code candidates.size()}
 * @param perCentroid of a clustering, how many stand for a cluster, at least 1
 * @param weighed of a clustering, whether those chosen are named as often as their clusters have images
 * @param seed of every random choice
 */
public record SelectTask(
        NetworkId network,
        SelectionRule selection,
        List<Image> candidates,
        int count,
        int perCentroid,
        boolean weighed,
        long seed) {

    /** Different images, one for each cluster where there are any. */
    public SelectTask(NetworkId network, SelectionRule selection, List<Image> candidates, int count, long seed) {
        this(network, selection, candidates, count, 1, false, seed);
    }

    public SelectTask {
        candidates = List.copyOf(candidates);
    }
}
