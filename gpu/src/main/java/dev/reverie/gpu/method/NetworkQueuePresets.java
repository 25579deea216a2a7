package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.objective.GradientDistance;

/** Presets of IDM, which matches mean features of a queue of networks at all stages of their training. */
final class NetworkQueuePresets {

    private static final int DEPTH = 3;
    private static final int QUEUE = 100;
    private static final int LOOPS = 20_000;
    /** Inner loops between two fresh networks. */
    private static final int LOOPS_PER_NETWORK = 30;

    private static final int BATCH = 256;
    private static final double IMAGE_RATE = 0.2;
    /** Networks that the published code trains in each loop. */
    private static final int TRAINED = 2;

    private static final int STEPS = 10;
    private static final int MORE_STEPS = 50;
    private static final String NO_AUGMENTATION = "none";

    /** The published code multiplies the cross-entropy by the accuracy in percent. */
    private static final double PERCENT = 100;

    private static final int LARGE_IPC = 50;

    /**
     * With one image per class, networks are replaced sooner, and a real batch can have all images of a class of
     * CIFAR-10.
     */
    private static final int ONE_IMAGE_LOOPS_PER_NETWORK = 5;

    private static final int ONE_IMAGE_BATCH = 5_000;

    private static final int QUICK_QUEUE = 5;

    private NetworkQueuePresets() {}

    /**
     * Returns the settings of IDM's published code: 20,000 loops on a queue of a hundred networks, to which one is
     * added every 30 loops. In each loop, the code trains two networks of the queue for ten steps; here, one is trained
     * for twenty. The code learns normalised images at rate 0.2; for images in [0, 1], the rate is multiplied by the
     * square of the standard deviation.
     */
    static DistillationSettings paper(String dataset, ImageShape shape, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        boolean tiny = benchmark == DatasetFamily.TINY_IMAGENET;
        boolean oneImage = ipc == 1 && !tiny;
        int loopsPerNetwork = oneImage ? ONE_IMAGE_LOOPS_PER_NETWORK : LOOPS_PER_NETWORK;
        return Presets.settings(Method.IDM, ipc, factor, seed)
                .network(Presets.network(Presets.PUBLISHED_WIDTH, shape, 0)
                        .withDepth(tiny ? DEPTH : Presets.depth(shape))
                        .withAugmentation(NO_AUGMENTATION)
                        .withPool(QUEUE)
                        .withVariation(NetworkVariation.QUEUED))
                .matching(Presets.matching(
                                GradientDistance.MSE,
                                IMAGE_RATE * DatasetFamily.pixelRate(dataset),
                                benchmark.singleAugmentation())
                        .calibration(PERCENT * crossEntropyWeight(dataset, ipc))
                        .build())
                .representatives(Presets.representatives(oneImage ? ONE_IMAGE_BATCH : BATCH))
                .schedule(Presets.schedule(Math.ceilDiv(LOOPS, loopsPerNetwork), loopsPerNetwork, BATCH)
                        .networkSamples(TRAINED * steps(dataset, ipc) * BATCH)
                        .build())
                .build();
    }

    /** Returns the weight of the cross-entropy in the published commands, by which the accuracy is multiplied. */
    private static double crossEntropyWeight(String dataset, int ipc) {
        boolean large = ipc >= LARGE_IPC;
        return switch (dataset) {
            case "tiny-imagenet" -> large ? 0.8 : 0.5;
            case "cifar100" -> ipc > 1 ? 0.1 : 0.5;
            default -> large ? 0.1 : 0.5;
        };
    }

    /** Returns the number of steps for which the published commands train each network. */
    private static int steps(String dataset, int ipc) {
        boolean more =
                switch (dataset) {
                    case "tiny-imagenet" -> ipc >= LARGE_IPC;
                    case "cifar100" -> ipc > 1 && ipc < LARGE_IPC;
                    default -> false;
                };
        return more ? MORE_STEPS : STEPS;
    }

    /**
     * Returns settings for a run of a few minutes on two cores: a queue of five narrow networks, k-means
     * representatives as initial images, and the running average of the images.
     */
    static DistillationSettings quick(String dataset, ImageShape shape, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        return Presets.settings(Method.IDM, ipc, factor, seed)
                .composition(Method.IDM.composition().with(Initialiser.K_MEANS))
                .network(Presets.network(Presets.QUICK_WIDTH, shape, 0)
                        .withAugmentation(NO_AUGMENTATION)
                        .withPool(QUICK_QUEUE)
                        .withVariation(NetworkVariation.QUEUED))
                .matching(FeaturePresets.quickMatching(shape, ipc, benchmark.matchingAugmentation(factor))
                        .withCalibration(1))
                .representatives(FeaturePresets.quickRepresentatives())
                .schedule(Presets.schedule(30, 50, 64).networkSamples(256).build())
                .build();
    }
}
