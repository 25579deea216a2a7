package dev.reverie.gpu.tensor;

import dev.reverie.gpu.objective.GradientDistance;
import java.util.List;
import java.util.Optional;

/**
 * The kernels of a device, whose memory the host can only copy. On the host, the computations below are loops over the
 * elements. On a device they are kernels too: their operands stay there, and only the result is copied, once, because
 * every copy waits for all operations before it.
 */
public interface DeviceKernels extends Kernels {

    @Override
    default Optional<DeviceKernels> device() {
        return Optional.of(this);
    }

    /**
     * Lets the calling thread start its work on the device in the order of these kernels' other threads. Whoever uses
     * the kernels on a thread calls this first, because the device may run the work of other kernels at the same time.
     */
    default void useOnThisThread() {}

    /** The most samples that the device computes at once. */
    BatchLimit batchLimit();

    @Override
    default int microBatches(int samples) {
        return Math.ceilDiv(samples, batchLimit().samples());
    }

    /** Whether a kernel or an allocation has failed with {@code failure} because the memory of the device is full. */
    boolean isFull(Throwable failure);

    /** Gives the memory that the library keeps for later tensors back to the device. */
    void freeUnused();

    /**
     * Compares gradients with respect to weights, whose units are the indices of the first dimension, as
     * {@link GradientDistance#ofUnit} does, and overwrites the derivatives. Returns the sum of the distances of its
     * units for each of the weights.
     */
    double[] distances(GradientDistance distance, List<Tensor> real, List<Tensor> synthetic, List<Tensor> derivatives);

    /**
     * Records the kernels that {@code work} starts, without running them, so that the device can start all of them with
     * one call. A device that cannot do so runs {@code work} whenever the recording is launched.
     *
     * @param work starts the same kernels with the same tensors whenever it runs, has run before, and does not read
     *     from the device. Until the recording is closed, none of its tensors may be closed, and none that existed
     *     before may change its memory
     */
    default KernelRecording record(Runnable work) {
        return work::run;
    }

    /**
     * Computes the derivative of the weighted sum of the samples' cross-entropies with respect to the logits, and
     * counts.
     *
     * @param logits in: {@code [n, classes]}
     * @param targets in: one distribution over the classes per sample, {@code [n, classes]}
     * @param dLogits out: {@code [n, classes]}
     * @param totals out: {@code [2]}; the weighted sum, and the number of samples whose largest logit is that of the
     *     most probable class of the target
     */
    void crossEntropy(Tensor logits, Tensor targets, double weight, Tensor dLogits, Tensor totals);

    /** Computes the sum of the squares of all elements in double precision. */
    double squaredNorm(Tensor x);

    /**
     * Performs an iteration of Lloyd's k-means: assigns each point to its nearest centroid, the first on a tie, and
     * moves each centroid to the mean of its points. A centroid without points stays where it is.
     *
     * @param points in: {@code [count, dimension]}
     * @param centroids in and out: {@code [clusters, dimension]}
     * @param sizes out: number of points of each centroid, {@code [clusters]}
     * @return the sum of the squared distances by which the centroids moved
     */
    double recentre(Tensor points, Tensor centroids, Tensor sizes);

    /**
     * Computes the squared distances between points and centroids, one row per point.
     *
     * @param points in: {@code [count, dimension]}
     * @param centroids in: {@code [clusters, dimension]}
     */
    double[][] squaredDistances(Tensor points, Tensor centroids);

    /** Computes the mean of some rows of a matrix; a repeated index counts repeatedly. */
    double[] mean(Tensor matrix, int[] rows);

    /** Computes the mean squared distance between the rows of a matrix and a point. */
    double meanSquaredDistance(Tensor matrix, double[] point);

    /** Kernels that a device has recorded, with their tensors, and can start again and again. Not thread safe. */
    public interface KernelRecording extends AutoCloseable {

        /** Starts the kernels, in order, and may return before they end. */
        void launch();

        /** Frees what the recording holds, but not its tensors. */
        @Override
        default void close() {}
    }
}
