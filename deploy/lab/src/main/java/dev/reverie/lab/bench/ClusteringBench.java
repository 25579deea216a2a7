package dev.reverie.lab.bench;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.select.KMeans;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;

/**
 * Times the k-means clustering that chooses the representatives of one class; computing the features is not timed.
 *
 * @param shape image shape
 * @param width number of channels of the network
 * @param images number of images of the class, at most as many as {@code data} has
 * @param representatives number of representatives to choose
 * @param data the source of the images
 */
public record ClusteringBench(ImageShape shape, int width, int images, int representatives, BenchImages data)
        implements BenchWorkload.Repeatable {

    public ClusteringBench {
        images = data.available(images);
    }

    /**
     * Creates a benchmark on Fashion-MNIST if it has been fetched and {@code shape} is its shape, otherwise on
     * generated images.
     */
    public ClusteringBench(ImageShape shape, int width, int images, int representatives) {
        this(shape, width, images, representatives, BenchImages.of(shape));
    }

    @Override
    public String title() {
        return "choosing " + representatives + " of " + images + " images (" + data.label() + ") at "
                + new BenchSetup(shape, width);
    }

    @Override
    public PreparedBench open(Kernels kernels, int threadCount) {
        BenchSetup setup = new BenchSetup(shape, width);
        List<Image> candidates = data.images(setup, images).getFirst();
        ComputeThreads threads = new ComputeThreads(kernels, threadCount);
        Tensor points;
        try (ConvNet network = setup.network(kernels)) {
            points = new BatchTrainer(threads)
                    .embed(network, candidates.size(), i -> candidates.get(i).values());
        }
        return new PreparedBench() {

            private double inertia = Double.NaN;

            @Override
            public void repeat(int index) {
                inertia = KMeans.cluster(points, representatives, 1, kernels, threads, index)
                        .inertia();
            }

            @Override
            public double[] result() {
                return new double[] {inertia};
            }

            @Override
            public void close() {
                threads.close();
                points.close();
            }
        };
    }
}
