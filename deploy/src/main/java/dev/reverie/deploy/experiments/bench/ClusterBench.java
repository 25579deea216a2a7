package dev.reverie.deploy.experiments.bench;

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
 * The k-means that chooses the representatives of one class; embedding its images is not timed.
 *
 * @param shape of the images
 * @param width of the network
 * @param images of the class
 * @param representatives to choose
 * @param data where the images are from
 */
public record ClusterBench(ImageShape shape, int width, int images, int representatives, ImageOrigin data)
        implements RepeatableBench {

    /** On Fashion-MNIST where it is at hand. */
    public ClusterBench(ImageShape shape, int width, int images, int representatives) {
        this(shape, width, images, representatives, RealImages.origin(shape));
    }

    @Override
    public String title() {
        return "choosing " + representatives + " of " + images + " images (" + data.label() + ") at "
                + new BenchSetup(shape, width);
    }

    @Override
    public Work open(Kernels kernels, int lanes) {
        BenchSetup setup = new BenchSetup(shape, width);
        List<Image> candidates = RealImages.of(setup, data, images).getFirst();
        ComputeThreads threads = new ComputeThreads(kernels, lanes);
        Tensor points;
        try (ConvNet network = setup.network(kernels)) {
            points = new BatchTrainer(threads)
                    .embed(network, candidates.size(), i -> candidates.get(i).values());
        }
        return new Work() {

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
