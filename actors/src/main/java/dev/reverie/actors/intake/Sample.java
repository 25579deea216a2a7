package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.gpu.dataset.Image;
import java.util.Optional;

/**
 * One labelled image from a stream.
 *
 * @param label name of the class
 * @param id id by which duplicates are recognised; if empty, the class and the pixels identify the sample
 * @param fingerprint the fingerprint of the other components
 */
public record Sample(String label, Optional<String> id, Image image, SampleFingerprint fingerprint) {

    /** Approximate size of the objects that hold a sample and its fingerprint, in bytes. */
    private static final long OBJECTS = 256;

    /**
     * Creates a sample and computes its fingerprint, which takes most of the time that a sample takes to be accepted.
     */
    public Sample(String label, Optional<String> id, Image image) {
        this(label, id, image, SampleFingerprint.of(label, id, image));
    }

    /** Approximate size in memory, in bytes. Of many small images, most is not pixels. */
    long bytes() {
        return OBJECTS
                + image.shape().size()
                + label.length()
                + id.map(String::length).orElse(0);
    }
}
