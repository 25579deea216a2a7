package dev.reverie.gpu.synthetic;

import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.DistilledSet;

/**
 * Stores learned images in 8, 4 or 2 bits per value. The decoded images are those of the rounded stored ones, so that
 * the images on which networks are trained can be computed from what is stored.
 */
public final class Quantisation {

    private Quantisation() {}

    /**
     * Rounds a set to unsigned bytes: the stored images, then the images to which these decode.
     *
     * @param learned a set whose stored images are in [0, 1] and grouped by class
     */
    public static DistilledSet toBytes(DistilledSet learned) {
        return to(Bits.EIGHT, learned);
    }

    /**
     * Stores the stored images in the given number of bits per value, then decodes them to images of unsigned bytes.
     *
     * @param learned a set whose stored images are in [0, 1] and grouped by class
     */
    public static DistilledSet to(Bits bits, DistilledSet learned) {
        return StoredSet.of(learned).in(bits).decoded(learned.softLabels());
    }
}
