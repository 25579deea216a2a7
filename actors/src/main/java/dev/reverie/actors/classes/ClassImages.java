package dev.reverie.actors.classes;

import dev.reverie.gpu.dataset.Image;
import java.util.List;

/**
 * A class in a run, and its real images.
 *
 * @param reservoir the real images in dataset order
 */
public record ClassImages(String name, List<Image> reservoir) {

    public ClassImages {
        reservoir = List.copyOf(reservoir);
    }

    public int size() {
        return reservoir.size();
    }
}
