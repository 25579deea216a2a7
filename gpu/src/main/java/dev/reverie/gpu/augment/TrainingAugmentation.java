package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Prepares training images for a network: normalises them, augments each one independently, and mixes them as a batch.
 */
public record TrainingAugmentation(AffineImageTransform normalise, BatchAugmentation augmentation, CutMix cutMix) {

    private static final String MOSAIC = "mosaic-";

    /**
     * Creates the augmentation by a strategy, for example {@code color_crop} or that of {@link #mosaicStrategy}, which
     * mixes a batch with a probability in [0, 1].
     */
    public static TrainingAugmentation of(
            Normalisation normalisation, String strategy, double mixProbability, ImageShape shape) {
        return new TrainingAugmentation(
                NormaliseTransform.of(normalisation, shape),
                strategy.startsWith(MOSAIC)
                        ? new MosaicAugmentation(shape, Integer.parseInt(strategy.substring(MOSAIC.length())))
                        : Augmentation.of(strategy, shape),
                new CutMix(shape, mixProbability));
    }

    /** The strategy that suits whole mosaics with {@code factor} patches along each side, at least 1 (RDED). */
    public static String mosaicStrategy(int factor) {
        return MOSAIC + factor;
    }

    /**
     * The images of a training batch as a network sees them, with their targets.
     *
     * @param images normalised, augmented and mixed images
     * @param targets one distribution over the classes per image, mixed in the same way
     */
    public record TrainingBatch(List<double[]> images, List<double[]> targets) {}

    /** Augments each image of a training batch. Immutable and thread safe. */
    public sealed interface BatchAugmentation permits Augmentation, MosaicAugmentation {

        List<AffineImageTransform> drawEach(int count, RandomGenerator random);
    }
}
