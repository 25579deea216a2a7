package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.objective.GradientDistance;

/** Presets of the methods that match mean features: DM and DANCE. */
final class FeaturePresets {

    private static final int DANCE_NETWORKS = 5;
    private static final int DANCE_EPOCHS = 60;
    private static final int DANCE_DEPTH = 3;
    private static final int DANCE_IMAGENET_SIDE = 128;
    private static final int DANCE_IMAGENET_EPOCHS = 80;

    /** Unlike IDC, DANCE treats MNIST digits that share a stored image like all other images. */
    private static final String DANCE_AUGMENTATION = "color_crop_cutout";

    private static final double MIX_PROBABILITY = 0.5;

    /** Number of images per class from which DM's learning rate for CIFAR-10 is ten times as high. */
    private static final int LARGE_IPC = 100;

    /** Image learning rate for 10 images of 28x28 pixels per class. */
    private static final double QUICK_RATE = 0.2;

    /** Steps of DM are cheap, so its network can be wider than the networks of methods with second derivatives. */
    private static final int QUICK_DM_WIDTH = 64;

    private FeaturePresets() {}

    /**
     * Returns the settings of DM's published code: 20,000 steps, each on a new network that is never trained. That code
     * learns normalised images at rate 1, or 10 for 100 and more images per class of CIFAR-10; for images in [0, 1],
     * the rate is multiplied by the square of the standard deviation. In the code, all classes of a step share a
     * network; in Reverie, each class has its own. The division into outer iterations does not affect the networks.
     */
    static DistillationSettings paperDm(String dataset, ImageShape shape, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        double published = dataset.equals("cifar10") && ipc >= LARGE_IPC ? 10 : 1;
        return Presets.settings(Method.DM, ipc, factor, seed)
                .network(Presets.network(Presets.PUBLISHED_WIDTH, shape, 0).withVariation(NetworkVariation.REDRAWN))
                .matching(Presets.matching(
                                GradientDistance.MSE,
                                published * DatasetFamily.pixelRate(dataset),
                                benchmark.singleAugmentation())
                        .build())
                .representatives(Presets.representatives(256))
                .schedule(Presets.schedule(200, 100, 256).jointStep(true).build())
                .build();
    }

    /**
     * Returns the settings of DANCE's published code: 10,000 steps on five networks, each trained for 60 epochs, or for
     * 80 and with a higher image learning rate for images of 128x128 pixels. The code trains twenty networks, but draws
     * only from the first five. The first step needs only the first network.
     */
    static DistillationSettings paperDance(String dataset, ImageShape shape, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        boolean imageNet = hasSizeOfImageNet(shape);
        return Presets.settings(Method.DANCE, ipc, factor, seed)
                .network(Presets.network(Presets.PUBLISHED_WIDTH, shape, MIX_PROBABILITY)
                        .withDepth(benchmark == DatasetFamily.TINY_IMAGENET ? DANCE_DEPTH : Presets.depth(shape))
                        .withPool(DANCE_NETWORKS)
                        .withVariation(NetworkVariation.BLENDED))
                .matching(Presets.matching(GradientDistance.MSE, (imageNet ? 0.1 : 0.01) * ipc, DANCE_AUGMENTATION)
                        .maxDecoded(200)
                        .calibration(1)
                        .build())
                .representatives(Presets.representatives(128))
                .schedule(Presets.schedule(DANCE_NETWORKS, 10_000 / DANCE_NETWORKS, 64)
                        .warmUpSamples(
                                (imageNet ? DANCE_IMAGENET_EPOCHS : DANCE_EPOCHS) * DatasetFamily.trainImages(dataset))
                        .warmUpDecay(true)
                        .clampEveryLoop(true)
                        .build())
                .build();
    }

    /** Whether images have the size to which the published code scales those of ImageNet's subsets. */
    private static boolean hasSizeOfImageNet(ImageShape shape) {
        return shape.height() == DANCE_IMAGENET_SIDE && shape.width() == DANCE_IMAGENET_SIDE;
    }

    /**
     * Returns settings of DM for a run of a few minutes on two cores: a narrow network, and the running average of the
     * images.
     */
    static DistillationSettings quickDm(String dataset, ImageShape shape, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        return Presets.settings(Method.DM, ipc, factor, seed)
                .network(Presets.network(QUICK_DM_WIDTH, shape, benchmark.mixProbability(factor))
                        .withVariation(NetworkVariation.REDRAWN))
                .matching(quickMatching(shape, ipc, benchmark.singleAugmentation()))
                .representatives(quickRepresentatives())
                .schedule(Presets.schedule(40, 50, 64).build())
                .build();
    }

    /**
     * Returns settings of DANCE for a run of a few minutes on two cores: a narrow network, the running average of the
     * images, a start from k-means representatives, and networks that are trained between the inner loops instead of
     * beforehand.
     */
    static DistillationSettings quickDance(String dataset, ImageShape shape, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        return Presets.settings(Method.DANCE, ipc, factor, seed)
                .composition(Method.DANCE.composition().with(Initialiser.K_MEANS))
                .network(Presets.network(Presets.QUICK_WIDTH, shape, benchmark.mixProbability(factor))
                        .withPool(DANCE_NETWORKS)
                        .withVariation(NetworkVariation.BLENDED))
                .matching(quickMatching(shape, ipc, benchmark.matchingAugmentation(factor))
                        .withCalibration(0.1))
                .representatives(quickRepresentatives())
                .schedule(Presets.schedule(30, 50, 64).networkSamples(256).build())
                .build();
    }

    /** Returns the class step of a run of a few minutes, for methods that match mean features. */
    static MatchingSettings quickMatching(ImageShape shape, int ipc, String augmentation) {
        return Presets.matching(GradientDistance.MSE, Presets.scaled(QUICK_RATE, shape, ipc), augmentation)
                .maxDecoded(Presets.MAX_DECODED)
                .averaging(Presets.QUICK_AVERAGING)
                .build();
    }

    /** Returns the real batches of a run of a few minutes. */
    static RepresentativeSettings quickRepresentatives() {
        return Presets.representatives(64).withCandidates(500);
    }
}
