package dev.reverie.deploy.experiments.bench;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.tensor.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * One class step on random images: the gradient of the real batch, that of the decoded synthetic batch, their distance,
 * and its derivative by the synthetic images.
 *
 * @param shape of the images
 * @param width of the matching network
 * @param ipc stored synthetic images
 * @param factor multi-formation factor
 * @param real images in the real batch
 */
public record StepBench(ImageShape shape, int width, int ipc, int factor, int real) implements RepeatableBench {

    @Override
    public String title() {
        return "one class step at " + new BenchSetup(shape, width);
    }

    @Override
    public Work open(Kernels kernels, int lanes) {
        BenchSetup setup = new BenchSetup(shape, width);
        DistillationSettings settings = setup.settings("random", ipc, factor, real, 1, 0, 1);
        MatchingEngine engine = MatchingEngine.on(kernels, lanes, settings, shape, setup.normalisation());
        List<Image> images = setup.images(real);
        ImageBatch synthetic = synthetic();
        return new Work() {

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
