package dev.reverie.deploy.bench;

import dev.reverie.deploy.run.EngineFactory;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.Matching;
import dev.reverie.gpu.method.DistillationSettings.Network;
import dev.reverie.gpu.method.DistillationSettings.Representatives;
import dev.reverie.gpu.method.Engine;
import dev.reverie.gpu.method.MatchTask;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkId;
import dev.reverie.gpu.method.Presets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Times one class step on random images: the gradient of the real batch, that of the decoded synthetic batch, their
 * distance, and its derivative by the synthetic images.
 *
 * @param shape of the images
 * @param width of the matching network
 * @param ipc stored synthetic images
 * @param factor multi-formation factor
 * @param real images in the real batch
 * @param repeats timed steps, at least 1
 */
public record StepBench(ImageShape shape, int width, int ipc, int factor, int real, int repeats) {

    /** Enough for the JIT and the off-heap workspaces to settle. */
    private static final int WARM_UP = 3;

    private static final int CLASSES = 10;
    private static final double NANOS_PER_MILLI = 1e6;

    /** The times of the repeats, and what was timed; {@code bench step --json}. */
    public record Report(ImageShape shape, int width, int ipc, int factor, int real, Millis ms, int repeats) {}

    /** Milliseconds a step. */
    public record Millis(double min, double median, double max) {}

    /**
     * Runs the benchmark.
     *
     * @param nanos a monotonic clock in nanoseconds
     * @param onStep told the number of steps done, warm-up included, of {@link #steps()}
     */
    public Report run(EngineFactory engines, LongSupplier nanos, IntConsumer onStep) {
        RandomGenerator random = new Random(0);
        MatchTask template = randomTask(random);
        double[] millis = new double[repeats];
        try (Engine engine = engines.open(settings(), shape, normalisation())) {
            for (int step = 0; step < steps(); step++) {
                MatchTask task = withDraw(template, step);
                long start = nanos.getAsLong();
                engine.match(task);
                double taken = (nanos.getAsLong() - start) / NANOS_PER_MILLI;
                if (step >= WARM_UP) {
                    millis[step - WARM_UP] = taken;
                }
                onStep.accept(step + 1);
            }
        }
        return new Report(shape, width, ipc, factor, real, summary(millis), repeats);
    }

    /** Steps in all, warm-up included. */
    public int steps() {
        return WARM_UP + repeats;
    }

    static Millis summary(double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Millis(sorted[0], median, sorted[sorted.length - 1]);
    }

    private DistillationSettings settings() {
        DistillationSettings paper = Presets.paper("random", shape, Method.DREAM, ipc, factor, 0);
        Network network = paper.network();
        Matching matching = paper.matching();
        return new DistillationSettings(
                paper.method(),
                ipc,
                factor,
                new Network(
                        width,
                        network.depth(),
                        network.learningRate(),
                        network.momentum(),
                        network.weightDecay(),
                        network.augmentation(),
                        network.mixProbability()),
                matching,
                new Representatives(real, 1, real),
                paper.schedule(),
                paper.seed());
    }

    private Normalisation normalisation() {
        return new Normalisation(
                Collections.nCopies(shape.channels(), 0.5), Collections.nCopies(shape.channels(), 0.25));
    }

    private MatchTask randomTask(RandomGenerator random) {
        List<Image> images = IntStream.range(0, real)
                .mapToObj(_ -> {
                    byte[] pixels = new byte[shape.size()];
                    random.nextBytes(pixels);
                    return Image.of(shape, pixels);
                })
                .toList();
        float[] synthetic = new float[ipc * shape.size()];
        for (int i = 0; i < synthetic.length; i++) {
            synthetic[i] = random.nextFloat();
        }
        return new MatchTask(new NetworkId(0, CLASSES), 0, images, ImageBatch.of(shape, synthetic), 0);
    }

    private static MatchTask withDraw(MatchTask task, long draw) {
        return new MatchTask(task.network(), task.label(), task.real(), task.synthetic(), draw);
    }
}
