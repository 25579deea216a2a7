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
import dev.reverie.gpu.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A computation that gives the same result on all engines up to rounding, with its inputs, which are random. */
interface Computation extends AutoCloseable {

    /** Computes, waits for the result and returns it. */
    double[] compute();

    @Override
    void close();

    /** The product of two square matrices. */
    static Computation product(Kernels kernels) {
        int size = 256;
        Tensor left = matrix(kernels, size, 1);
        Tensor right = matrix(kernels, size, 2);
        Tensor product = kernels.allocate(size, size);
        return new Computation() {

            @Override
            public double[] compute() {
                kernels.multiply(left, false, right, true, false, product);
                double[] elements = new double[size * size];
                product.read(0, elements);
                return elements;
            }

            @Override
            public void close() {
                left.close();
                right.close();
                product.close();
            }
        };
    }

    private static Tensor matrix(Kernels kernels, int size, long seed) {
        double[] elements = Seeds.generator(seed)
                .doubles((long) size * size)
                .map(x -> (float) (x - 0.5))
                .toArray();
        Tensor tensor = kernels.allocate(size, size);
        tensor.write(0, elements);
        return tensor;
    }

    /** One class step of DREAM: the derivative of the distance with respect to the synthetic images. */
    static Computation classStep(Kernels kernels, int threads) {
        ImageShape shape = new ImageShape(3, 16, 16);
        DistillationSettings settings = Presets.paper("random", shape, Method.DREAM, 2, 2, 0);
        MatchingEngine engine = MatchingEngine.on(
                kernels,
                threads,
                settings.withNetwork(settings.network().withWidth(16)),
                shape,
                Normalisation.neutral(shape));
        RandomGenerator random = Seeds.generator(16);
        List<Image> real =
                Stream.generate(() -> picture(shape, random)).limit(16).toList();
        MatchTask task =
                new MatchTask(new NetworkId(0, 10), 0, real, ImageBatch.of(shape, pixels(2 * shape.size(), random)), 0);
        return new Computation() {

            @Override
            public double[] compute() {
                ImageBatch gradient = engine.match(task).gradient();
                return IntStream.range(0, gradient.count())
                        .mapToObj(gradient::values)
                        .flatMapToDouble(Arrays::stream)
                        .toArray();
            }

            @Override
            public void close() {
                engine.close();
            }
        };
    }

    private static Image picture(ImageShape shape, RandomGenerator random) {
        byte[] pixels = new byte[shape.size()];
        random.nextBytes(pixels);
        return Image.of(shape, pixels);
    }

    private static float[] pixels(int count, RandomGenerator random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }
}
