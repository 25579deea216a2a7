package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;

/**
 * Prepares training images for a network: normalised, augmented with a separate draw per image, then mixed.
 *
 * @param normalise applied first
 * @param augmentation drawn for each image
 * @param cutMix drawn for each batch
 */
public record TrainingAugmentation(AffineImageTransform normalise, Augmentation augmentation, CutMix cutMix) {

    /**
     * The augmentation for images of one shape.
     *
     * @param strategy of the augmentation, for example {@code color_crop}
     * @param mixProbability that a batch is mixed, in [0, 1]
     */
    public static TrainingAugmentation of(
            Normalisation normalisation, String strategy, double mixProbability, ImageShape shape) {
        return new TrainingAugmentation(
                NormaliseTransform.of(normalisation, shape),
                Augmentation.of(strategy, shape),
                new CutMix(shape, mixProbability));
    }
}
