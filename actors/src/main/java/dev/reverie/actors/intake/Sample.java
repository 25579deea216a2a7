package dev.reverie.actors.intake;

import dev.reverie.gpu.dataset.Image;
import java.util.Optional;

/**
 * One labelled image from a stream.
 *
 * @param label name of the class
 * @param id id by which duplicates are recognised; if empty, the class and the pixels identify the sample
 */
public record Sample(String label, Optional<String> id, Image image) {

    /** Approximate size of the objects that hold a sample and its fingerprint, in bytes. */
    private static final long OBJECTS = 256;

    /** Approximate size in memory, in bytes. Of many small images, most is not pixels. */
    long bytes() {
        return OBJECTS
                + image.shape().size()
                + label.length()
                + id.map(String::length).orElse(0);
    }
}
