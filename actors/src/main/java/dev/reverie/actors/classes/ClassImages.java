package dev.reverie.actors.classes;

import dev.reverie.gpu.dataset.Image;
import java.util.List;

/**
 * A class in a run, and its real images.
 *
 * @param name name of the class
 * @param images all real images of the class, in the order of the dataset or of the request to join
 */
public record ClassImages(String name, List<Image> images) {

    public ClassImages {
        images = List.copyOf(images);
    }

    public int size() {
        return images.size();
    }
}
