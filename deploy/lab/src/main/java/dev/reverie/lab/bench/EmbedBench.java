package dev.reverie.lab.bench;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;

/**
 * Times the forward pass that computes the features of many random images.
 *
 * @param shape image shape
 * @param width number of channels of the network
 * @param images number of images
 */
public record EmbedBench(ImageShape shape, int width, int images) implements BenchWorkload.Repeatable {

    @Override
    public String title() {
        return "features of " + images + " images at " + new BenchSetup(shape, width);
    }

    @Override
    public PreparedBench open(Kernels kernels, int threadCount) {
        BenchSetup setup = new BenchSetup(shape, width);
        List<Image> candidates = setup.images(images);
        ConvNet network = setup.network(kernels);
        ComputeThreads threads = new ComputeThreads(kernels, threadCount);
        return new PreparedBench() {

            private Tensor features =
                    kernels.allocate(images, network.architecture().features());

            @Override
            public void repeat(int index) {
                features.close();
                features = new BatchTrainer(threads)
                        .embed(network, images, i -> candidates.get(i).values());
            }

            @Override
            public double[] result() {
                double[] values = new double[Math.toIntExact(features.size())];
                features.read(0, values);
                return values;
            }

            @Override
            public void close() {
                features.close();
                threads.close();
                network.close();
            }
        };
    }
}
