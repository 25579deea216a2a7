package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.select.Selection;
import java.util.List;

/**
 * A choice of real images in the feature space of a network.
 *
 * @param candidates images of one class, not empty
 * @param count how many to choose, 1 to {@code candidates.size()}
 * @param draw seed of every random choice
 */
public record SelectTask(NetworkId network, Selection selection, List<Image> candidates, int count, long draw) {

    public SelectTask {
        candidates = List.copyOf(candidates);
    }
}
