package dev.reverie.gpu.matching;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.augment.NormaliseTransform;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.select.Features;
import dev.reverie.gpu.select.KMeans;
import dev.reverie.gpu.select.MeanDiscrepancy;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;

/**
 * Computes features and gradient norms of images with the saved matching networks of a run, for the analyses of the
 * DREAM paper (figures 1 to 5). Features are computed in the same way as for clustering: from raw images, which are
 * neither normalised nor augmented. Not thread safe.
 */
public final class NetworkAnalyzer implements AutoCloseable {

    private final ComputeThreads threads;
    private final BatchTrainer trainer;
    private final NetworkPool pool;
    private final AffineImageTransform normalise;

    private NetworkAnalyzer(
            DistillationSettings settings,
            ImageShape shape,
            Normalisation normalisation,
            Kernels kernels,
            int threads) {
        this.threads = new ComputeThreads(kernels, threads);
        this.trainer = new BatchTrainer(this.threads);
        this.pool = new NetworkPool(settings, shape, kernels);
        this.normalise = NormaliseTransform.of(normalisation, shape);
    }

    /** Opens an analyzer on this build's device for the networks of a run with the given settings. */
    public static NetworkAnalyzer open(DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        return new NetworkAnalyzer(settings, shape, normalisation, Device.kernels(), Device.threads());
    }

    /** Returns the network of an outer iteration as it was drawn, before any training. */
    public NetworkState fresh(NetworkId network) {
        pool.restore(List.of());
        pool.newest(network);
        return pool.states().getLast();
    }

    /** Computes the features of images with values in [0, 1], one row per image. */
    public Features features(NetworkState network, ImageBatch images) {
        try (Tensor points = embed(network, images)) {
            return Features.of(points);
        }
    }

    /**
     * Computes how well a few images, not necessarily members of {@code all}, represent a set; see
     * {@link MeanDiscrepancy}.
     */
    public double discrepancy(NetworkState network, List<Image> few, List<Image> all) {
        try (Tensor chosen = embed(network, ImageBatch.of(few));
                Tensor points = embed(network, ImageBatch.of(all))) {
            return MeanDiscrepancy.between(chosen, points, threads.kernels());
        }
    }

    /** Chooses, as DREAM does, the indices of the images nearest to the centroids of {@code count} clusters. */
    public List<Integer> representatives(NetworkState network, List<Image> images, int count, long seed) {
        try (Tensor points = embed(network, ImageBatch.of(images))) {
            return KMeans.cluster(points, count, 1, threads, seed).representatives();
        }
    }

    /**
     * Computes, for each image of a class, the norm of the gradient of its cross-entropy with respect to all parameters
     * of the network, without augmentation.
     */
    public List<Double> gradientNorms(NetworkState network, List<Image> images, int label) {
        double[][] targets = OneHotLabels.repeated(label, network.network().classes(), images.size());
        return trainer.gradientNorms(
                held(network), i -> normalise.apply(images.get(i).values()), targets);
    }

    private Tensor embed(NetworkState network, ImageBatch images) {
        return trainer.embed(held(network), images.count(), images::values);
    }

    private Network held(NetworkState network) {
        pool.restore(List.of(network));
        return pool.newest(network.network());
    }

    @Override
    public void close() {
        pool.close();
        threads.close();
    }
}
