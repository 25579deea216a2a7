package dev.reverie.lab.bench;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.tensor.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Times one class step on random images: the quantities that the method matches, on the real batch and on the decoded
 * synthetic batch, their distance, and its derivative with respect to the synthetic images.
 *
 * @param shape image shape
 * @param width number of channels of the matching network
 * @param ipc number of stored synthetic images of the class
 * @param factor multi-formation factor
 * @param real number of images in the real batch
 * @param method a method that matches real images class by class, without experts
 * @param style weights of the style terms
 */
public record StepBench(ImageShape shape, int width, int ipc, int factor, int real, Method method, StyleWeights style)
        implements BenchWorkload.Repeatable {

    @Override
    public String title() {
        return "one class step at " + new BenchSetup(shape, width);
    }

    @Override
    public PreparedBench open(Kernels kernels, int threadCount) {
        BenchSetup setup = new BenchSetup(shape, width);
        DistillationSettings settings =
                setup.settings("random", method, ipc, factor, real, 1, 0, 1).withStyle(style);
        MatchingEngine engine = MatchingEngine.on(kernels, threadCount, settings, shape, setup.normalisation());
        List<Image> images = setup.images(real);
        ImageBatch synthetic = synthetic();
        return new PreparedBench() {

            private ImageBatch gradient = synthetic;

            @Override
            public void repeat(int index) {
                MatchTask task = new MatchTask(new NetworkId(0, BenchSetup.CLASSES), 0, images, synthetic, index);
                gradient = engine.match(task).gradient();
            }

            @Override
            public double[] result() {
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

    private ImageBatch synthetic() {
        RandomGenerator random = Seeds.generator(ipc);
        float[] values = new float[ipc * shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return ImageBatch.of(shape, values);
    }
}
