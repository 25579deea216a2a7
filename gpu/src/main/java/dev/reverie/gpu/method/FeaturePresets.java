package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings.Matching;
import dev.reverie.gpu.method.DistillationSettings.Representatives;
import dev.reverie.gpu.method.DistillationSettings.Schedule;
import dev.reverie.gpu.objective.GradientDistance;

/** Settings of the methods that match mean features: DM and DANCE. */
final class FeaturePresets {

    private static final int PUBLISHED_WIDTH = 128;
    private static final int DANCE_NETWORKS = 5;

    /** Of 10 images of 28x28 pixels. */
    private static final double QUICK_RATE = 0.2;

    /** DM's step is so cheap that it can afford more features to match than what takes second derivatives. */
    private static final int QUICK_DM_WIDTH = 64;

    private FeaturePresets() {}

    /**
     * DM by its code: 20,000 steps, each on a fresh network that is never trained. It learns normalised images at rate
     * 1; for images in [0, 1] that is the square of the deviation. The share of one class in a step that is taken for
     * all of them is its own step here, on a network of its own. An outer iteration means nothing to DM; a run saves at
     * the end of each.
     */
    static DistillationSettings paperDm(String dataset, ImageShape shape, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        double rate = benchmark.deviation() * benchmark.deviation();
        return new DistillationSettings(
                Method.DM,
                ipc,
                factor,
                Presets.network(PUBLISHED_WIDTH, shape, 0).varied(NetworkVariation.REDRAWN),
                new Matching(
                        GradientDistance.MSE,
                        rate,
                        Presets.IMAGE_MOMENTUM,
                        benchmark.singleAugmentation(),
                        Integer.MAX_VALUE,
                        0,
                        0),
                new Representatives(256, Presets.INTERVAL, Integer.MAX_VALUE),
                new Schedule(200, 100, 0, 256, 0, 0),
                seed);
    }

    /**
     * DANCE by its code: 10,000 steps on five networks trained for 20 epochs, the first step of which waits for the
     * first network only.
     */
    static DistillationSettings paperDance(String dataset, ImageShape shape, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        return new DistillationSettings(
                Method.DANCE,
                ipc,
                factor,
                Presets.network(PUBLISHED_WIDTH, shape, benchmark.mixProbability(factor))
                        .withPool(DANCE_NETWORKS)
                        .varied(NetworkVariation.BLENDED),
                new Matching(
                        GradientDistance.MSE,
                        0.01 * ipc,
                        Presets.IMAGE_MOMENTUM,
                        benchmark.matchingAugmentation(factor),
                        200,
                        0,
                        1),
                new Representatives(128, Presets.INTERVAL, Integer.MAX_VALUE),
                new Schedule(DANCE_NETWORKS, 10_000 / DANCE_NETWORKS, 0, 128, 0, 1_000_000),
                seed);
    }

    /**
     * Both within minutes on two cores: a narrow network, the running average of the images, and for DANCE networks
     * that learn while they are matched rather than before.
     */
    static DistillationSettings quick(String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        boolean dance = method == Method.DANCE;
        double mixProbability = benchmark.mixProbability(factor);
        return new DistillationSettings(
                method,
                ipc,
                factor,
                dance
                        ? Presets.network(Presets.QUICK_WIDTH, shape, mixProbability)
                                .withPool(DANCE_NETWORKS)
                                .varied(NetworkVariation.BLENDED)
                        : Presets.network(QUICK_DM_WIDTH, shape, mixProbability).varied(NetworkVariation.REDRAWN),
                new Matching(
                        GradientDistance.MSE,
                        Presets.scaled(QUICK_RATE, shape, ipc),
                        Presets.IMAGE_MOMENTUM,
                        dance ? benchmark.matchingAugmentation(factor) : benchmark.singleAugmentation(),
                        Presets.MAX_DECODED,
                        Presets.QUICK_AVERAGING,
                        dance ? 0.1 : 0),
                new Representatives(64, Presets.INTERVAL, 500),
                dance ? new Schedule(30, 50, 256, 64, 0, 0) : new Schedule(40, 50, 0, 64, 0, 0),
                seed);
    }
}
