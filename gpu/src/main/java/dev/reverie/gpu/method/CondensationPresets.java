package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings.Matching;
import dev.reverie.gpu.method.DistillationSettings.Network;
import dev.reverie.gpu.method.DistillationSettings.Representatives;
import dev.reverie.gpu.method.DistillationSettings.Schedule;
import dev.reverie.gpu.objective.GradientDistance;

/**
 * Settings of DC and DSA. Their matching network learns from the synthetic images by plain SGD: after each matching but
 * the last of an outer iteration, for some epochs.
 */
final class CondensationPresets {

    private static final int PUBLISHED_WIDTH = 128;
    private static final double PUBLISHED_RATE = 0.1;
    private static final int BATCH = 256;
    private static final String NO_AUGMENTATION = "none";

    /** Of 10 images of 28x28 pixels, for networks of the quick width. */
    private static final double QUICK_RATE = 0.1;

    private CondensationPresets() {}

    /**
     * By their code: 1,000 outer iterations. It learns normalised images at rate 0.1; for images in [0, 1] that is
     * times the square of the deviation.
     */
    static DistillationSettings paper(String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        int images = DatasetFamily.classes(dataset) * ipc * factor * factor;
        return new DistillationSettings(
                method,
                ipc,
                factor,
                network(PUBLISHED_WIDTH, shape, benchmark, method),
                new Matching(
                        GradientDistance.COS,
                        PUBLISHED_RATE * benchmark.deviation() * benchmark.deviation(),
                        Presets.IMAGE_MOMENTUM,
                        augmentation(benchmark, method),
                        Integer.MAX_VALUE,
                        0,
                        0),
                new Representatives(BATCH, Presets.INTERVAL, Integer.MAX_VALUE),
                new Schedule(1000, ipc, ipc == 1 ? 0 : epochs(ipc) * images, BATCH, 0, 0),
                seed);
    }

    /** As published for 1, 10, 20, 30, 40 and 50 images a class: 500 epochs in an outer iteration, or a few more. */
    private static int epochs(int ipc) {
        return switch (ipc) {
            case 30 -> 20;
            case 40 -> 15;
            default -> Math.max(1, 500 / ipc);
        };
    }

    /** Within minutes on two cores: a narrow network, and a larger rate whose noise the running average evens out. */
    static DistillationSettings quick(String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        return new DistillationSettings(
                method,
                ipc,
                factor,
                network(Presets.QUICK_WIDTH, shape, benchmark, method),
                new Matching(
                        GradientDistance.COS,
                        Presets.scaled(QUICK_RATE, shape, ipc),
                        Presets.IMAGE_MOMENTUM,
                        augmentation(benchmark, method),
                        Presets.MAX_DECODED,
                        Presets.QUICK_AVERAGING,
                        0),
                new Representatives(64, Presets.INTERVAL, 500),
                new Schedule(100, 10, 512, 64, 0, 0),
                seed);
    }

    private static Network network(int width, ImageShape shape, DatasetFamily benchmark, Method method) {
        return new Network(
                width,
                Presets.depth(shape),
                Presets.NETWORK_RATE,
                0,
                0,
                augmentation(benchmark, method),
                0,
                1,
                NetworkVariation.NONE);
    }

    private static String augmentation(DatasetFamily benchmark, Method method) {
        return method == Method.DSA ? benchmark.singleAugmentation() : NO_AUGMENTATION;
    }
}
