package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.objective.GradientDistance;
import java.util.Arrays;

/** Datasets with published settings, and what the methods choose for each. */
enum DatasetFamily {
    MNIST("mnist", 10, 60_000, GradientDistance.L1, 1e-4, 28, 500, 0.3081),
    FASHION_MNIST("fashion-mnist", 10, 60_000, GradientDistance.L1, 1e-4, 32, 500, 0.3530),
    SVHN("svhn", 10, 73_257, GradientDistance.MSE, 5e-3, 32, 500, 0.1980),
    CIFAR_10("cifar10", 10, 50_000, GradientDistance.MSE, 5e-3, 32, 2000, 0.2009),
    CIFAR_100("cifar100", 100, 50_000, GradientDistance.MSE, 5e-3, 32, 2000, 0.2666),
    TINY_IMAGENET("tiny-imagenet", 200, 100_000, GradientDistance.MSE, 5e-3, 32, 1000, 0.2260);

    private static final int REFERENCE_IPC = 10;
    private static final int LARGE_IPC = 50;
    private static final double TINY_IMAGENET_LARGE_IPC_RATE = 1e-6;

    private final String dataset;
    private final int classes;
    private final int trainImages;
    private final GradientDistance distance;
    private final double baseRate;
    private final int baseSide;
    private final int networkSamples;
    private final double deviation;

    DatasetFamily(
            String dataset,
            int classes,
            int trainImages,
            GradientDistance distance,
            double baseRate,
            int baseSide,
            int networkSamples,
            double deviation) {
        this.dataset = dataset;
        this.classes = classes;
        this.trainImages = trainImages;
        this.distance = distance;
        this.baseRate = baseRate;
        this.baseSide = baseSide;
        this.networkSamples = networkSamples;
        this.deviation = deviation;
    }

    /** The family of a dataset. A dataset without published settings, such as a folder, is treated like CIFAR-10. */
    static DatasetFamily of(String dataset) {
        return Arrays.stream(values())
                .filter(family -> family.dataset.equals(dataset))
                .findFirst()
                .orElse(CIFAR_10);
    }

    int classes() {
        return classes;
    }

    int trainImages() {
        return trainImages;
    }

    GradientDistance distance() {
        return distance;
    }

    /** Number of real images on which the matching network is trained after each inner loop. */
    int networkSamples() {
        return networkSamples;
    }

    /** Number of real images in a class step. */
    int realBatch(Method method) {
        return method == Method.IDC || this == TINY_IMAGENET ? 64 : 128;
    }

    /**
     * Learning rate of the images. The loss is a mean over the images, so the gradient of each image is proportional to
     * 1 / ipc; to compensate, the rate is proportional to ipc. The rate is also proportional to the area of an image.
     */
    double imageRate(ImageShape shape, int ipc) {
        double rate = this == TINY_IMAGENET && ipc == LARGE_IPC ? TINY_IMAGENET_LARGE_IPC_RATE : baseRate;
        return rate * ipc / REFERENCE_IPC * shape.planeSize() / (baseSide * baseSide);
    }

    /** Strategy of the siamese augmentation; MNIST digits that share a stored image get no cutout. */
    String matchingAugmentation(int factor) {
        return this == MNIST && factor > 1 ? "color_crop" : "color_crop_cutout";
    }

    /** Strategy that applies a single transformation at a time, for DSA, DM and MTT. Digits are not flipped. */
    String singleAugmentation() {
        return this == MNIST || this == SVHN ? "color|crop|cutout|scale|rotate" : "color|crop|cutout|flip|scale|rotate";
    }

    /** Standard deviation with which pixel values are normalised, averaged over the channels. */
    double deviation() {
        return deviation;
    }

    /**
     * Factor by which a learning rate of normalised images is multiplied for images in [0, 1]: the square of the
     * deviation.
     */
    double pixelRate() {
        return deviation * deviation;
    }

    /** Probability that cutmix is applied to a training batch of the network. */
    double mixProbability(int factor) {
        return this == MNIST && factor > 1 ? 0 : 0.5;
    }
}
