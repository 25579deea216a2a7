package dev.reverie.gpu.method;

import dev.reverie.gpu.method.Method.MethodDefinition;
import dev.reverie.gpu.objective.GradientDistance;

/**
 * Presets of DC and DSA, which train the matching network on the synthetic images by plain SGD, for some epochs after
 * each inner loop.
 */
final class CondensationPresets {

    private static final double PUBLISHED_RATE = 0.1;
    private static final int BATCH = 256;
    private static final String NO_AUGMENTATION = "none";

    /** Image learning rate for 10 images of 28x28 pixels per class and networks of the quick width. */
    private static final double QUICK_RATE = 0.1;

    private CondensationPresets() {}

    /**
     * Returns the settings of the published code, with 1,000 outer iterations. That code learns normalised images at
     * rate 0.1; for images in [0, 1], the rate is multiplied by the square of the standard deviation. DC starts from
     * noise, DSA from real images.
     */
    static DistillationSettings paper(PresetTarget target) {
        DatasetFamily family = target.family();
        int images = family.classes() * target.ipc() * target.factor() * target.factor();
        MethodDefinition composition = target.method().composition();
        return target.settings()
                .composition(
                        target.method() == Method.DC ? composition.with(Initialiser.NORMALISED_NOISE) : composition)
                .network(target.plainNetwork(PresetTarget.PUBLISHED_WIDTH, augmentation(target)))
                .matching(
                        target.matching(GradientDistance.COS, PUBLISHED_RATE * family.pixelRate(), augmentation(target))
                                .build())
                .representatives(target.representatives(BATCH))
                .schedule(target.schedule(1000, target.ipc(), BATCH)
                        .networkSamples(epochs(target.ipc()) * images)
                        .jointStep(true)
                        .build())
                .build();
    }

    /**
     * Returns the number of training epochs after an inner loop, as published for 10, 20, 30, 40 and 50 images per
     * class. With one image, a network is replaced after its only inner loop.
     */
    private static int epochs(int ipc) {
        return switch (ipc) {
            case 1 -> 0;
            case 30 -> 20;
            case 40 -> 15;
            default -> Math.max(1, 500 / ipc);
        };
    }

    /**
     * Returns settings for a run of a few minutes on two cores: a narrow network and a larger learning rate. The
     * running average of the images smooths the noise that this rate causes.
     */
    static DistillationSettings quick(PresetTarget target) {
        return target.settings()
                .network(target.plainNetwork(PresetTarget.QUICK_WIDTH, augmentation(target)))
                .matching(target.quickMatching(GradientDistance.COS, QUICK_RATE, augmentation(target))
                        .build())
                .representatives(target.quickRepresentatives(64))
                .schedule(target.schedule(100, 10, 64).networkSamples(512).build())
                .build();
    }

    private static String augmentation(PresetTarget target) {
        return target.method() == Method.DSA ? target.family().singleAugmentation() : NO_AUGMENTATION;
    }
}
