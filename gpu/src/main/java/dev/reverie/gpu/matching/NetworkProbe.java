package dev.reverie.gpu.matching;

import dev.reverie.gpu.augment.ImageMap;
import dev.reverie.gpu.augment.NormaliseMap;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.select.Features;
import dev.reverie.gpu.select.KMeans;
import dev.reverie.gpu.select.MeanDiscrepancy;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;

/**
 * Looks at images through matching networks as they stood at some moment of a run, for what the paper shows of them
 * (DREAM, figures 1 to 5). Features are those that the clustering sees: of raw images, neither normalised nor
 * augmented. Not thread safe.
 */
public final class NetworkProbe implements AutoCloseable {

    private final Kernels kernels;
    private final ComputeThreads threads;
    private final BatchTrainer trainer;
    private final NetworkPool pool;
    private final ImageMap normalise;

    private NetworkProbe(
            DistillationSettings settings, ImageShape shape, Normalisation normalisation, Kernels kernels, int threads) {
        this.kernels = kernels;
        this.threads = new ComputeThreads(kernels, threads);
        this.trainer = new BatchTrainer(this.threads);
        this.pool = new NetworkPool(settings, shape, kernels);
        this.normalise = NormaliseMap.of(normalisation, shape);
    }

    /**
     * A probe on this build's device.
     *
     * @param settings of the run whose networks are looked through
     * @param shape of all images
     * @param normalisation of the real data
     * @throws dev.reverie.gpu.tensor.DeviceException if the device cannot be used here
     */
    public static NetworkProbe open(DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        return new NetworkProbe(settings, shape, normalisation, Device.kernels(), Device.threads());
    }

    /** The network of an outer iteration as it was drawn, before any training. */
    public NetworkState fresh(NetworkId network) {
        pool.restore(List.of());
        pool.newest(network);
        return pool.states().getLast();
    }

    /** Features of images in [0, 1], one row each. */
    public Features features(NetworkState network, ImageBatch images) {
        try (Tensor points = embed(network, images)) {
            return Features.of(points.dimension(1), points.toFloats());
        }
    }

    /**
     * How far a few images are from standing for others, see {@link MeanDiscrepancy}.
     *
     * @param few need not be among all
     */
    public double discrepancy(NetworkState network, List<Image> few, List<Image> all) {
        try (Tensor chosen = embed(network, ImageBatch.of(few));
                Tensor points = embed(network, ImageBatch.of(all))) {
            return MeanDiscrepancy.between(chosen, points);
        }
    }

    /**
     * The images nearest to the centroids of a k-means, as DREAM chooses its representatives.
     *
     * @param count of the clusters, 1 to the number of images
     * @param seed seed of the clustering
     * @return indices of the images, one a cluster
     */
    public List<Integer> representatives(NetworkState network, List<Image> images, int count, long seed) {
        try (Tensor points = embed(network, ImageBatch.of(images))) {
            return KMeans.cluster(points, count, 1, kernels, threads, seed).representatives();
        }
    }

    /**
     * The length of the gradient of each image's cross-entropy by all parameters of the network, without augmentation.
     *
     * @param label of all of them
     */
    public List<Double> gradientNorms(NetworkState network, List<Image> images, int label) {
        double[][] targets = OneHotLabels.repeated(label, network.network().classes(), images.size());
        return trainer.gradientNorms(
                held(network), i -> normalise.apply(images.get(i).values()), targets);
    }

    private Tensor embed(NetworkState network, ImageBatch images) {
        return trainer.embed(held(network), images.count(), images::values);
    }

    private ConvNet held(NetworkState network) {
        pool.restore(List.of(network));
        return pool.newest(network.network());
    }

    @Override
    public void close() {
        pool.close();
        threads.close();
    }
}
