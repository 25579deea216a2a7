package dev.reverie.gpu.augment;

import java.util.List;
import java.util.random.RandomGenerator;

/** Augments each image of a training batch. Immutable and thread safe. */
public sealed interface BatchAugmentation permits Augmentation, MosaicAugmentation {

    /**
     * Draws a transformation for each image of a batch.
     *
     * @param count number of images in the batch, at least 0
     */
    List<AffineImageTransform> drawEach(int count, RandomGenerator random);
}
