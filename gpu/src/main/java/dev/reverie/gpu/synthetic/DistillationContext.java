package dev.reverie.gpu.synthetic;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.augment.TrainingAugmentation;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels;

/**
 * What all steps of a distillation work with.
 *
 * @param views prepares real images for the training of matching networks
 */
public record DistillationContext(
        DistillationSettings settings, MultiFormation formation, TrainingAugmentation views, ComputeThreads threads) {

    /** Derives what depends on the images; the caller closes {@code threads}. */
    public static DistillationContext of(
            DistillationSettings settings, ImageShape shape, Normalisation normalisation, ComputeThreads threads) {
        return new DistillationContext(
                settings,
                MultiFormation.of(settings.factor(), shape),
                TrainingAugmentation.of(
                        normalisation,
                        settings.network().augmentation(),
                        settings.network().mixProbability(),
                        shape),
                threads);
    }

    public ImageShape shape() {
        return formation.shape();
    }

    public AffineImageTransform normalise() {
        return views.normalise();
    }

    public Kernels kernels() {
        return threads.kernels();
    }
}
