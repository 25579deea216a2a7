package dev.reverie.deploy.config;

import dev.reverie.actors.clustering.Freshness;
import dev.reverie.actors.live.LivePolicy;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the memory is learned.
 *
 * @param loop what a distillation in one run can be told, too
 * @param policy when what happens to a class
 */
public record LearningConfig(Loop loop, LivePolicy policy) {

    private static final int HUNDRED_THOUSAND = 100_000;
    private static final int MILLION = 1_000_000;
    private static final int MAX_FACTOR = 8;
    private static final int MAX_WIDTH = 1024;
    private static final int MAX_PATIENCE = 10_000;

    private static final Range<Duration> REFRESH =
            Range.durations(Duration.ofSeconds(1), Duration.ofDays(1), "1 s to 1 d");
    private static final Range<Duration> IDLE =
            Range.durations(Duration.ofMillis(10), Duration.ofMinutes(1), "10 ms to 1 m");

    /** What learns class by class from a stream; a coreset wants all of a class, and experts want all classes. */
    private static final List<Method> METHODS = List.of(
            Method.DREAM, Method.DREAM_PLUS, Method.IDC, Method.DANCE, Method.DM, Method.DSA, Method.DC, Method.TILE);

    /** No published settings are looked up: a stream has no name. */
    private static final String DATASET = "stream";

    /** What the rate is given for: images per class, and pixels of each. */
    private static final double REFERENCE_IPC = 10;

    private static final double REFERENCE_PIXELS = 28.0 * 28.0;

    /**
     * Outer and inner loops.
     *
     * @param factor multi-formation factor
     * @param width channels of each block of the matching network
     * @param learningRate of the images, for 10 per class of 28x28 pixels; that of the method if empty
     * @param averaging share of the old average in the running average of the images, in [0, 1)
     */
    public record Loop(
            Method method,
            int factor,
            int width,
            long seed,
            int innerLoops,
            int representatives,
            int candidates,
            int interval,
            int networkSamples,
            int networkBatch,
            Optional<Double> learningRate,
            double averaging) {

        static Loop read(Section learning) {
            return new Loop(
                    learning.oneOf("method", METHODS, Method::label),
                    learning.integer("factor", 1, MAX_FACTOR),
                    learning.integer("width", 1, MAX_WIDTH),
                    learning.whole("seed", Range.any()),
                    learning.integer("inner-loops", 1, HUNDRED_THOUSAND),
                    learning.integer("representatives", 1, HUNDRED_THOUSAND),
                    learning.integer("candidates", 1, MILLION),
                    learning.integer("interval", 1, HUNDRED_THOUSAND),
                    learning.integer("network-samples", 0, MILLION),
                    learning.integer("network-batch", 1, HUNDRED_THOUSAND),
                    learning.decimalOrAuto("learning-rate", Range.decimals(Double.MIN_VALUE, 1000, "above 0 to 1000")),
                    learning.decimal("averaging", Range.decimals(0, 0.9999, "0 to 0.9999")));
        }
    }

    static LearningConfig read(Section learning) {
        Loop loop = Loop.read(learning);
        return new LearningConfig(loop, policy(learning, loop.interval()));
    }

    private static LivePolicy policy(Section learning, int interval) {
        Section convergence = learning.at("convergence");
        return new LivePolicy(
                learning.integer("min-images", 1, MILLION),
                convergence.integer("patience", 1, MAX_PATIENCE),
                convergence.decimal("improvement", Range.decimals(0, 1, "0 to 1")),
                learning.decimal("drift", Range.decimals(1.001, 1000, "1.001 to 1000")),
                learning.integer("visit-every", 1, HUNDRED_THOUSAND),
                new Freshness(
                        interval,
                        learning.duration("refresh-period", REFRESH),
                        learning.decimal("refresh-arrivals", Range.decimals(0.001, 1, "0.001 to 1"))),
                learning.duration("idle", IDLE));
    }

    /**
     * Everything that decides the outcome, for images of a shape: the quick preset, with what is configured in place of
     * its own.
     *
     * @param ipc stored images per class
     */
    public DistillationSettings settings(ImageShape shape, int ipc) {
        DistillationSettings preset = Presets.quick(DATASET, shape, loop.method(), ipc, loop.factor(), loop.seed());
        return new DistillationSettings(
                loop.method(),
                ipc,
                loop.factor(),
                preset.network().withWidth(loop.width()),
                matching(preset.matching(), shape, ipc),
                new DistillationSettings.Representatives(loop.representatives(), loop.interval(), loop.candidates()),
                new DistillationSettings.Schedule(
                        preset.schedule().outerIterations(),
                        loop.innerLoops(),
                        loop.networkSamples(),
                        loop.networkBatch(),
                        preset.schedule().selectionSamples(),
                        preset.schedule().warmUpSamples()),
                loop.seed());
    }

    private DistillationSettings.Matching matching(DistillationSettings.Matching preset, ImageShape shape, int ipc) {
        return new DistillationSettings.Matching(
                preset.distance(),
                loop.learningRate()
                        .map(rate -> rate * (ipc / REFERENCE_IPC) * (shape.planeSize() / REFERENCE_PIXELS))
                        .orElse(preset.learningRate()),
                preset.momentum(),
                preset.augmentation(),
                preset.maxDecoded(),
                loop.averaging(),
                preset.calibration());
    }
}
