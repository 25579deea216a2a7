package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.objective.GradientDistance;

/** Presets of the methods that match mean features: DM and DANCE. */
final class FeaturePresets {

    private static final int DANCE_NETWORKS = 5;
    private static final int DANCE_EPOCHS = 60;
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

    /**
     * Maximum number of decoded images in a step of DM, more than most memories have: a step that draws the mean of a
     * random subset to the target makes the images too much alike.
     */
    private static final int QUICK_DM_DECODED = 256;

    private FeaturePresets() {}

    /**
     * Returns the settings of DM's published code: 20,000 steps, each on a new network that is never trained. That code
     * learns normalised images at rate 1, or 10 for 100 and more images per class of CIFAR-10; for images in [0, 1],
     * the rate is multiplied by the square of the standard deviation. In the code, all classes of a step share a
     * network; in Reverie, each class has its own. The division into outer iterations does not affect the networks.
     */
    static DistillationSettings paperDm(PresetTarget target) {
        DatasetFamily family = target.family();
        double published = target.dataset().equals("cifar10") && target.ipc() >= LARGE_IPC ? 10 : 1;
        return target.settings()
                .network(target.network(PresetTarget.PUBLISHED_WIDTH, 0).withVariation(NetworkVariation.REDRAWN))
                .matching(target.matching(
                                GradientDistance.MSE, published * family.pixelRate(), family.singleAugmentation())
                        .build())
                .representatives(target.representatives(256))
                .schedule(target.schedule(200, 100, 256).jointStep(true).build())
                .build();
    }

    /**
     * Returns the settings of DANCE's published code: 10,000 steps on five networks, each trained for 60 epochs, or for
     * 80 and with a higher image learning rate for images of 128x128 pixels. The code trains twenty networks, but draws
     * only from the first five. The first step needs only the first network.
     */
    static DistillationSettings paperDance(PresetTarget target) {
        boolean imageNet = hasSizeOfImageNet(target.shape());
        return target.settings()
                .network(target.network(PresetTarget.PUBLISHED_WIDTH, MIX_PROBABILITY)
                        .withDepth(target.shallowDepth())
                        .withPool(DANCE_NETWORKS)
                        .withVariation(NetworkVariation.BLENDED))
                .matching(target.matching(
                                GradientDistance.MSE, (imageNet ? 0.1 : 0.01) * target.ipc(), DANCE_AUGMENTATION)
                        .maxDecoded(200)
                        .calibration(1)
                        .build())
                .representatives(target.representatives(128))
                .schedule(target.schedule(DANCE_NETWORKS, 10_000 / DANCE_NETWORKS, 64)
                        .warmUpSamples((imageNet ? DANCE_IMAGENET_EPOCHS : DANCE_EPOCHS)
                                * target.family().trainImages())
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
    static DistillationSettings quickDm(PresetTarget target) {
        DatasetFamily family = target.family();
        return target.settings()
                .network(target.network(QUICK_DM_WIDTH, family.mixProbability(target.factor()))
                        .withVariation(NetworkVariation.REDRAWN))
                .matching(quickMatching(target, family.singleAugmentation()).withMaxDecoded(QUICK_DM_DECODED))
                .representatives(target.quickRepresentatives(64))
                .schedule(target.schedule(40, 50, 64).build())
                .build();
    }

    /**
     * Returns settings of DANCE for a run of a few minutes on two cores: a narrow network, the running average of the
     * images, a start from k-means representatives, and networks that are trained between the inner loops instead of
     * beforehand.
     */
    static DistillationSettings quickDance(PresetTarget target) {
        DatasetFamily family = target.family();
        return target.settings()
                .composition(Method.DANCE.composition().with(Initialiser.K_MEANS))
                .network(target.network(PresetTarget.QUICK_WIDTH, family.mixProbability(target.factor()))
                        .withPool(DANCE_NETWORKS)
                        .withVariation(NetworkVariation.BLENDED))
                .matching(quickMatching(target, family.matchingAugmentation(target.factor()))
                        .withCalibration(0.1))
                .representatives(target.quickRepresentatives(64))
                .schedule(target.schedule(30, 50, 64).networkSamples(256).build())
                .build();
    }

    /** Returns the class step of a run of a few minutes, for methods that match mean features. */
    static MatchingSettings quickMatching(PresetTarget target, String augmentation) {
        return target.quickMatching(GradientDistance.MSE, QUICK_RATE, augmentation)
                .build();
    }
}
