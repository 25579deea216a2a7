package dev.reverie.actors.classes;

import dev.reverie.gpu.dataset.Image;
import java.util.List;

/**
 * The real images of a class.
 *
 * @param name of the class
 * @param reservoir its images, in dataset order
 */
public record ClassImages(String name, List<Image> reservoir) {

    public ClassImages {
        reservoir = List.copyOf(reservoir);
    }

    public int size() {
        return reservoir.size();
    }
}
