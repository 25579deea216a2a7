package dev.reverie.gpu.method;

import dev.reverie.gpu.method.FitSettings.CafeSettings;
import dev.reverie.gpu.method.FitSettings.RidgeSettings;
import dev.reverie.gpu.method.FitSettings.UnrolledSettings;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.objective.GradientDistance;
import java.util.Optional;

/** Presets of the methods that fit a model to the synthetic images: ridge regression, and a student's training. */
final class FitPresets {

    private static final String NO_AUGMENTATION = "none";
    private static final int POOL = 10;
    /** Inner loops between two fresh networks; a network of the pool is trained in about one loop of ten. */
    private static final int LOOPS_PER_NETWORK = 100;

    private static final int REAL_BATCH = 1024;
    private static final int MEMORY_BATCH = 128;
    private static final int STEPS = 500_000;
    private static final double REGULARISATION = 1e-6;
    private static final double MOMENTUM = 0.9;
    private static final double RIDGE_RATE = 1;

    private static final int UNROLLED_STEPS = 200;
    private static final int UNROLLED_WINDOW = 60;
    private static final int UNROLLED_BATCH = 5_000;
    private static final int UNROLLED_LOOPS = 50_000;
    private static final double STUDENT_RATE = 0.01;
    private static final double STUDENT_RATE_STEP = 1e-5;

    private static final int CAFE_LOOPS = 10;

    private static final int QUICK_WIDTH = 64;
    private static final int QUICK_LOOPS_PER_NETWORK = 50;
    private static final int QUICK_REAL = 512;
    private static final double QUICK_REGULARISATION = 0.05;
    private static final double QUICK_RIDGE_RATE = 35;
    /** All images take one step in each loop, so that the noise of one lasts for fifty. */
    private static final double QUICK_RIDGE_AVERAGING = 0.98;

    private static final double QUICK_BPTT_RATE = 20;
    private static final double QUICK_CAFE_RATE = 0.1;

    private FitPresets() {}

    /**
     * Returns the settings of FRePo's published code: 500,000 steps with 1,024 real images, on a pool of ten networks,
     * each of which is replaced after it was trained on the synthetic images for about a hundred steps.
     */
    static DistillationSettings paperRidge(PresetTarget target) {
        return ridge(target, PresetTarget.PUBLISHED_WIDTH, REAL_BATCH, REGULARISATION)
                .matching(target.matching(GradientDistance.MSE, RIDGE_RATE, NO_AUGMENTATION)
                        .momentum(MOMENTUM)
                        .build())
                .schedule(schedule(target, STEPS / LOOPS_PER_NETWORK, LOOPS_PER_NETWORK))
                .build();
    }

    /**
     * Returns settings of ridge regression for a run of a few minutes on two cores: narrower networks, fewer real
     * images, a stronger regularisation, an augmentation, and the running average of the images.
     */
    static DistillationSettings quickRidge(PresetTarget target) {
        return ridge(target, QUICK_WIDTH, QUICK_REAL, QUICK_REGULARISATION)
                .composition(Method.RIDGE.composition().with(Initialiser.K_MEANS))
                .matching(target.quickMatching(
                                GradientDistance.MSE,
                                QUICK_RIDGE_RATE,
                                target.family().singleAugmentation())
                        .momentum(MOMENTUM)
                        .averaging(QUICK_RIDGE_AVERAGING)
                        .build())
                .schedule(schedule(target, 20, QUICK_LOOPS_PER_NETWORK))
                .build();
    }

    private static DistillationSettingsBuilder ridge(
            PresetTarget target, int width, int realBatch, double regularisation) {
        return target.settings()
                .network(target.network(width, 0)
                        .withAugmentation(NO_AUGMENTATION)
                        .withPool(POOL)
                        .withVariation(NetworkVariation.QUEUED))
                .representatives(target.representatives(
                        Math.ceilDiv(realBatch, target.family().classes())))
                .fit(Optional.of(new RidgeSettings(regularisation)));
    }

    /** One training step on the memory, or on a part of it, after each loop. */
    private static ScheduleSettings schedule(PresetTarget target, int networks, int loops) {
        return target.schedule(networks, loops, MEMORY_BATCH)
                .networkSamples(MEMORY_BATCH)
                .jointStep(true)
                .build();
    }

    /**
     * Returns the settings of RaT-BPTT: windows of 60 steps in trainings of up to 200. The published student is trained
     * by Adam; here, by SGD with a learned rate.
     */
    static DistillationSettings paperBptt(PresetTarget target) {
        return target.settings()
                .network(target.plainNetwork(PresetTarget.PUBLISHED_WIDTH, NO_AUGMENTATION))
                .matching(target.matching(GradientDistance.MSE, QUICK_BPTT_RATE, NO_AUGMENTATION)
                        .momentum(MOMENTUM)
                        .build())
                .representatives(target.representatives(
                        Math.ceilDiv(UNROLLED_BATCH, target.family().classes())))
                .schedule(target.schedule(UNROLLED_LOOPS / LOOPS_PER_NETWORK, LOOPS_PER_NETWORK, 1)
                        .jointStep(true)
                        .build())
                .fit(Optional.of(new UnrolledSettings(
                        UNROLLED_STEPS, UNROLLED_WINDOW, Integer.MAX_VALUE, STUDENT_RATE, STUDENT_RATE_STEP)))
                .build();
    }

    /** Returns settings of back-propagation through training for a run of a few minutes on two cores. */
    static DistillationSettings quickBptt(PresetTarget target) {
        return target.settings()
                .composition(Method.BPTT.composition().with(Initialiser.K_MEANS))
                .network(target.plainNetwork(PresetTarget.QUICK_WIDTH, NO_AUGMENTATION))
                .matching(target.quickMatching(GradientDistance.MSE, QUICK_BPTT_RATE, NO_AUGMENTATION)
                        .momentum(MOMENTUM)
                        .maxDecoded(MatchingSettings.MAX_DECODED)
                        .build())
                .representatives(target.representatives(
                        Math.ceilDiv(QUICK_REAL, target.family().classes())))
                .schedule(target.schedule(20, 50, 1).jointStep(true).build())
                .fit(Optional.of(new UnrolledSettings(40, 10, Integer.MAX_VALUE, 0.02, STUDENT_RATE_STEP)))
                .build();
    }

    /**
     * Returns settings of CAFE with its batches of 256 real images per class and its rate for normalised images, 0.1. A
     * network is trained on the synthetic images for ten loops and then replaced.
     */
    static DistillationSettings paperCafe(PresetTarget target) {
        double rate = 0.1 * target.family().pixelRate();
        return cafe(target, PresetTarget.PUBLISHED_WIDTH, target.matching(GradientDistance.MSE, rate, NO_AUGMENTATION))
                .representatives(target.representatives(256))
                .schedule(target.schedule(2000 / CAFE_LOOPS, CAFE_LOOPS, 256)
                        .networkSamples(1024)
                        .jointStep(true)
                        .build())
                .build();
    }

    /** Returns settings of CAFE for a run of a few minutes on two cores, with the augmentation of DSA. */
    static DistillationSettings quickCafe(PresetTarget target) {
        String augmentation = target.family().singleAugmentation();
        return cafe(
                        target,
                        PresetTarget.QUICK_WIDTH,
                        target.quickMatching(GradientDistance.MSE, QUICK_CAFE_RATE, augmentation))
                .composition(Method.CAFE.composition().with(Initialiser.K_MEANS))
                .representatives(target.representatives(64))
                .schedule(target.schedule(100, CAFE_LOOPS, MEMORY_BATCH)
                        .networkSamples(MEMORY_BATCH)
                        .jointStep(true)
                        .build())
                .build();
    }

    private static DistillationSettingsBuilder cafe(PresetTarget target, int width, MatchingSettingsBuilder matching) {
        return target.settings()
                .network(target.plainNetwork(width, NO_AUGMENTATION))
                .matching(matching.build())
                .fit(Optional.of(new CafeSettings(1)));
    }
}
