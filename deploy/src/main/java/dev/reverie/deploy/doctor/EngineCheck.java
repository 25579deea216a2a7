package dev.reverie.deploy.doctor;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Results of an engine for fixed random inputs, the same for all engines: a matrix product, and one class step. */
record EngineCheck(Result product, Result step) {

    private static final int MATRIX = 256;
    private static final ImageShape SHAPE = new ImageShape(3, 16, 16);
    private static final int WIDTH = 16;
    private static final int REAL_IMAGES = 16;
    private static final int STORED_IMAGES = 2;
    private static final int CLASSES = 10;
    private static final double NANOS_PER_MILLI = 1e6;

    /** Values, and the shortest time of the repeats that computed them, in milliseconds. */
    record Result(List<Double> values, double ms) {

        private static Result of(int repeats, LongSupplier nanos, Supplier<double[]> computation) {
            double[] values = computation.get(); // loads code and allocates memory, which later repeats need not
            double shortest = Double.POSITIVE_INFINITY;
            for (int repeat = 0; repeat < repeats; repeat++) {
                long start = nanos.getAsLong();
                values = computation.get();
                shortest = Math.min(shortest, (nanos.getAsLong() - start) / NANOS_PER_MILLI);
            }
            return new Result(Arrays.stream(values).boxed().toList(), shortest);
        }

        /** Length of the difference of the two results as a fraction of the length of the other. */
        double differenceFrom(Result other) {
            double difference = 0;
            double length = 0;
            for (int i = 0; i < values.size(); i++) {
                difference += Math.pow(values.get(i) - other.values.get(i), 2);
                length += Math.pow(other.values.get(i), 2);
            }
            return Math.sqrt(difference / length);
        }
    }

    static EngineCheck of(Kernels kernels, int threads, int repeats, LongSupplier nanos) {
        return new EngineCheck(product(kernels, repeats, nanos), classStep(kernels, threads, repeats, nanos));
    }

    private static Result product(Kernels kernels, int repeats, LongSupplier nanos) {
        try (Tensor left = matrix(kernels, 1);
                Tensor right = matrix(kernels, 2);
                Tensor product = kernels.allocate(MATRIX, MATRIX)) {
            return Result.of(repeats, nanos, () -> {
                kernels.multiply(Factor.of(left), Factor.transposed(right), false, product);
                double[] elements = new double[MATRIX * MATRIX];
                product.read(0, elements); // waits for a GPU
                return elements;
            });
        }
    }

    private static Tensor matrix(Kernels kernels, long seed) {
        double[] elements = Seeds.generator(seed)
                .doubles((long) MATRIX * MATRIX)
                .map(x -> (float) (x - 0.5))
                .toArray();
        Tensor tensor = kernels.allocate(MATRIX, MATRIX);
        tensor.write(0, elements);
        return tensor;
    }

    /**
     * One class step of DREAM, whose result is the derivative with respect to the synthetic images. The seeds are
     * chosen so that no value is so close to zero that it passes a rectifier on one engine only.
     */
    private static Result classStep(Kernels kernels, int threads, int repeats, LongSupplier nanos) {
        DistillationSettings paper = Presets.paper("random", SHAPE, Method.DREAM, STORED_IMAGES, 2, 0);
        DistillationSettings settings = paper.withNetwork(paper.network().withWidth(WIDTH));
        RandomGenerator pixels = Seeds.generator(REAL_IMAGES);
        List<Image> real = Stream.generate(() -> {
                    byte[] levels = new byte[SHAPE.size()];
                    pixels.nextBytes(levels);
                    return Image.of(SHAPE, levels);
                })
                .limit(REAL_IMAGES)
                .toList();
        RandomGenerator values = Seeds.generator(STORED_IMAGES);
        float[] synthetic = new float[STORED_IMAGES * SHAPE.size()];
        for (int i = 0; i < synthetic.length; i++) {
            synthetic[i] = values.nextFloat();
        }
        MatchTask task = new MatchTask(new NetworkId(0, CLASSES), 0, real, ImageBatch.of(SHAPE, synthetic), 0);
        try (MatchingEngine engine =
                MatchingEngine.on(kernels, threads, settings, SHAPE, Normalisation.neutral(SHAPE))) {
            return Result.of(repeats, nanos, () -> {
                ImageBatch gradient = engine.match(task).gradient();
                return IntStream.range(0, gradient.count())
                        .mapToObj(gradient::values)
                        .flatMapToDouble(Arrays::stream)
                        .toArray();
            });
        }
    }

    /** The larger of the differences of the two results from those of another engine. */
    double differenceFrom(EngineCheck other) {
        return Math.max(product.differenceFrom(other.product), step.differenceFrom(other.step));
    }
}
