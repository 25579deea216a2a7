package dev.reverie.gpu.method;

import dev.reverie.gpu.objective.GradientDistance;
import java.util.Optional;

/** Presets of TGDD, which matches mean features along the training of experts. */
final class GuidancePresets {

    private static final int EXPERTS = 5;
    private static final int EPOCHS = 60;
    private static final int AHEAD = 6;
    private static final int LOOPS = 10_000;
    private static final double MIX_PROBABILITY = 0.5;
    private static final String AUGMENTATION = "color_crop_cutout";

    private static final int LARGE_IPC = 50;
    private static final double CALIBRATION = 2.5;
    private static final double LARGE_IPC_CALIBRATION = 0.5;

    private static final int QUICK_WIDTH = 64;
    private static final int QUICK_EXPERTS = 2;
    private static final int QUICK_EPOCHS = 10;
    private static final int QUICK_EPOCH = 20_000;
    private static final int QUICK_LOOPS = 300;

    private GuidancePresets() {}

    /**
     * Returns the settings of TGDD's published code: 10,000 steps on five experts of 60 epochs. The code trains all
     * five before the first step; the first steps here use the first expert. The weight of the calibration is that of
     * the paper.
     */
    static DistillationSettings paper(PresetTarget target) {
        GuidanceSettings guidance = GuidanceSettingsBuilder.builder()
                .epochs(EPOCHS)
                .epochSamples(target.family().trainImages())
                .ahead(AHEAD)
                .build();
        return target.settings()
                .network(target.network(PresetTarget.PUBLISHED_WIDTH, MIX_PROBABILITY)
                        .withDepth(target.shallowDepth()))
                .matching(target.matching(GradientDistance.MSE, 0.01 * target.ipc(), AUGMENTATION)
                        .maxDecoded(200)
                        .calibration(calibration(target.ipc()))
                        .build())
                .representatives(target.representatives(128))
                .schedule(target.schedule(EXPERTS, LOOPS / EXPERTS, 64)
                        .warmUpSamples(guidance.samples())
                        .warmUpDecay(true)
                        .clampEveryLoop(true)
                        .build())
                .guidance(Optional.of(guidance))
                .build();
    }

    private static double calibration(int ipc) {
        return ipc < LARGE_IPC ? CALIBRATION : LARGE_IPC_CALIBRATION;
    }

    /**
     * Returns settings for a run of a few minutes on two cores: two experts with few and short epochs, whose learning
     * rate falls from epoch to epoch, k-means representatives as initial images, ten times the published learning rate
     * of the images, and a running average that smooths the noise of that rate.
     */
    static DistillationSettings quick(PresetTarget target) {
        GuidanceSettings guidance = GuidanceSettingsBuilder.builder()
                .epochs(QUICK_EPOCHS)
                .epochSamples(QUICK_EPOCH)
                .ahead(2)
                .decay(0.85)
                .build();
        return target.settings()
                .composition(Method.TGDD.composition().with(Initialiser.K_MEANS))
                .network(target.network(QUICK_WIDTH, MIX_PROBABILITY)
                        .withLearningRate(0.02)
                        .withAugmentation(target.family().singleAugmentation()))
                .matching(target.matching(GradientDistance.MSE, 0.1 * target.ipc(), AUGMENTATION)
                        .maxDecoded(PresetTarget.MAX_DECODED)
                        .averaging(0.98)
                        .calibration(calibration(target.ipc()))
                        .build())
                .representatives(target.quickRepresentatives(128))
                .schedule(target.schedule(QUICK_EXPERTS, QUICK_LOOPS, 128)
                        .warmUpSamples(guidance.samples())
                        .clampEveryLoop(true)
                        .build())
                .guidance(Optional.of(guidance))
                .build();
    }
}
