package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageShape;
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
    static DistillationSettings paper(String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        int images = DatasetFamily.classes(dataset) * ipc * factor * factor;
        MethodDefinition composition = method.composition();
        return DistillationSettings.of(method)
                .composition(method == Method.DC ? composition.with(Initialiser.NORMALISED_NOISE) : composition)
                .ipc(ipc)
                .factor(factor)
                .network(network(Presets.PUBLISHED_WIDTH, shape, benchmark, method))
                .matching(MatchingSettingsBuilder.builder()
                        .distance(GradientDistance.COS)
                        .learningRate(PUBLISHED_RATE * DatasetFamily.pixelRate(dataset))
                        .momentum(Presets.IMAGE_MOMENTUM)
                        .augmentation(augmentation(benchmark, method))
                        .build())
                .representatives(RepresentativeSettingsBuilder.builder()
                        .count(BATCH)
                        .interval(Presets.INTERVAL)
                        .build())
                .schedule(ScheduleSettingsBuilder.builder()
                        .outerIterations(1000)
                        .innerLoops(ipc)
                        .networkSamples(ipc == 1 ? 0 : epochs(ipc) * images)
                        .networkBatch(BATCH)
                        .jointStep(true)
                        .build())
                .seed(seed)
                .build();
    }

    /**
     * Returns the number of training epochs after an inner loop, as published for 1, 10, 20, 30, 40 and 50 images per
     * class.
     */
    private static int epochs(int ipc) {
        return switch (ipc) {
            case 30 -> 20;
            case 40 -> 15;
            default -> Math.max(1, 500 / ipc);
        };
    }

    /**
     * Returns settings for a run of a few minutes on two cores: a narrow network and a larger learning rate. The
     * running average of the images smooths the noise that this rate causes.
     */
    static DistillationSettings quick(String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        return DistillationSettings.of(method)
                .ipc(ipc)
                .factor(factor)
                .network(network(Presets.QUICK_WIDTH, shape, benchmark, method))
                .matching(MatchingSettingsBuilder.builder()
                        .distance(GradientDistance.COS)
                        .learningRate(Presets.scaled(QUICK_RATE, shape, ipc))
                        .momentum(Presets.IMAGE_MOMENTUM)
                        .augmentation(augmentation(benchmark, method))
                        .maxDecoded(Presets.MAX_DECODED)
                        .averaging(Presets.QUICK_AVERAGING)
                        .build())
                .representatives(RepresentativeSettingsBuilder.builder()
                        .count(64)
                        .interval(Presets.INTERVAL)
                        .candidates(500)
                        .build())
                .schedule(ScheduleSettingsBuilder.builder()
                        .outerIterations(100)
                        .innerLoops(10)
                        .networkSamples(512)
                        .networkBatch(64)
                        .build())
                .seed(seed)
                .build();
    }

    private static NetworkSettings network(int width, ImageShape shape, DatasetFamily benchmark, Method method) {
        return NetworkSettingsBuilder.builder()
                .width(width)
                .depth(Presets.depth(shape))
                .learningRate(Presets.NETWORK_RATE)
                .augmentation(augmentation(benchmark, method))
                .build();
    }

    private static String augmentation(DatasetFamily benchmark, Method method) {
        return method == Method.DSA ? benchmark.singleAugmentation() : NO_AUGMENTATION;
    }
}
