package dev.reverie.lab.bench;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.tensor.Kernels;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Times one training step of the matching network on random images, augmentation included.
 *
 * @param shape image shape
 * @param width number of channels of the network
 * @param batch number of images in the step
 */
public record TrainBench(ImageShape shape, int width, int batch) implements BenchWorkload.Repeatable {

    @Override
    public String title() {
        return "one training step of " + batch + " images at " + new BenchSetup(shape, width);
    }

    @Override
    public PreparedBench open(Kernels kernels, int threadCount) {
        BenchSetup setup = new BenchSetup(shape, width);
        DistillationSettings settings = setup.settings("random", 1, 1, batch, 1, batch, 1);
        MatchingEngine engine = MatchingEngine.on(kernels, threadCount, settings, shape, setup.normalisation());
        List<Image> images = setup.images(batch);
        List<LabelledImage> labelled = IntStream.range(0, batch)
                .mapToObj(i -> new LabelledImage(images.get(i), i % BenchSetup.CLASSES))
                .toList();
        return new PreparedBench() {

            private double loss = Double.NaN;

            @Override
            public void repeat(int index) {
                loss = engine.train(new TrainMatchingNetworkTask(
                                new NetworkId(0, BenchSetup.CLASSES), List.of(labelled), index))
                        .loss();
            }

            @Override
            public double[] result() {
                return new double[] {loss};
            }

            @Override
            public void close() {
                engine.close();
            }
        };
    }
}
