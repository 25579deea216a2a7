package dev.reverie.gpu.method;

import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.objective.GradientDistance;

/** Presets of IDM, which matches mean features of a queue of networks at all stages of their training. */
final class NetworkQueuePresets {

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
    static DistillationSettings paper(PresetTarget target) {
        DatasetFamily family = target.family();
        boolean oneImage = target.ipc() == 1 && family != DatasetFamily.TINY_IMAGENET;
        int loopsPerNetwork = oneImage ? ONE_IMAGE_LOOPS_PER_NETWORK : LOOPS_PER_NETWORK;
        return target.settings()
                .network(target.network(PresetTarget.PUBLISHED_WIDTH, 0)
                        .withDepth(target.shallowDepth())
                        .withAugmentation(NO_AUGMENTATION)
                        .withPool(QUEUE)
                        .withVariation(NetworkVariation.QUEUED))
                .matching(target.matching(
                                GradientDistance.MSE, IMAGE_RATE * family.pixelRate(), family.singleAugmentation())
                        .calibration(PERCENT * crossEntropyWeight(family, target.ipc()))
                        .build())
                .representatives(target.representatives(oneImage ? ONE_IMAGE_BATCH : BATCH))
                .schedule(target.schedule(Math.ceilDiv(LOOPS, loopsPerNetwork), loopsPerNetwork, BATCH)
                        .networkSamples(TRAINED * steps(family, target.ipc()) * BATCH)
                        .build())
                .build();
    }

    /** Returns the weight of the cross-entropy in the published commands, by which the accuracy is multiplied. */
    private static double crossEntropyWeight(DatasetFamily family, int ipc) {
        boolean large = ipc >= LARGE_IPC;
        return switch (family) {
            case TINY_IMAGENET -> large ? 0.8 : 0.5;
            case CIFAR_100 -> ipc > 1 ? 0.1 : 0.5;
            default -> large ? 0.1 : 0.5;
        };
    }

    /** Returns the number of steps for which the published commands train each network. */
    private static int steps(DatasetFamily family, int ipc) {
        boolean more =
                switch (family) {
                    case TINY_IMAGENET -> ipc >= LARGE_IPC;
                    case CIFAR_100 -> ipc > 1 && ipc < LARGE_IPC;
                    default -> false;
                };
        return more ? MORE_STEPS : STEPS;
    }

    /**
     * Returns settings for a run of a few minutes on two cores: a queue of five narrow networks, k-means
     * representatives as initial images, and the running average of the images.
     */
    static DistillationSettings quick(PresetTarget target) {
        String augmentation = target.family().matchingAugmentation(target.factor());
        return target.settings()
                .composition(Method.IDM.composition().with(Initialiser.K_MEANS))
                .network(target.network(PresetTarget.QUICK_WIDTH, 0)
                        .withAugmentation(NO_AUGMENTATION)
                        .withPool(QUICK_QUEUE)
                        .withVariation(NetworkVariation.QUEUED))
                .matching(FeaturePresets.quickMatching(target, augmentation).withCalibration(1))
                .representatives(target.quickRepresentatives(64))
                .schedule(target.schedule(30, 50, 64).networkSamples(256).build())
                .build();
    }
}
