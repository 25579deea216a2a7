package dev.reverie.gpu.torch;

import static dev.reverie.gpu.torch.CudaNormReluPool.address;

import dev.reverie.gpu.nvidia.CudaFunction;
import dev.reverie.gpu.nvidia.CudaModule;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Arrays;

/**
 * An iteration of k-means as two products and three functions of the GPU ({@code kernels.cu}). Operations of libtorch
 * would take sixteen kernels.
 */
final class CudaKMeans {

    private static final int THREADS = 256;
    private static final int WARP = 32;

    private final Precision precision;
    private final TorchMemory memory;
    private final CudaFunction squaredNorms;
    private final CudaFunction assign;
    private final CudaFunction moveCentroids;

    CudaKMeans(CudaModule module, Precision precision, TorchMemory memory) {
        this.precision = precision;
        this.memory = memory;
        this.squaredNorms = module.function("squared_norms");
        this.assign = module.function("assign");
        this.moveCentroids = module.function("move_centroids");
    }

    /** Performs the iteration, as {@link dev.reverie.gpu.tensor.DeviceKernels#recentre} does. */
    double recentre(Kernels products, Tensor points, Tensor centroids, Tensor sizes) {
        int count = points.dimension(0);
        int dimension = points.dimension(1);
        int clusters = centroids.dimension(0);
        try (Tensor norms = memory.allocate(precision, clusters);
                Tensor product = memory.allocate(precision, count, clusters);
                Tensor members = memory.allocate(precision, count, clusters);
                Tensor nearest = memory.allocate(Precision.SINGLE, count); // the kernels store 32-bit integers in it
                Tensor sums = memory.allocate(precision, clusters, dimension);
                Tensor moved = memory.allocate(Precision.DOUBLE, clusters)) {
            squaredNorms.launch(clusters, THREADS, 1, address(centroids), address(norms), dimension);
            products.multiply(points, false, centroids, true, false, product);
            assign.launch(
                    Math.ceilDiv(count, THREADS / WARP),
                    THREADS,
                    1,
                    address(product),
                    address(norms),
                    address(members),
                    address(nearest),
                    count,
                    clusters);
            products.multiply(members, true, points, false, false, sums);
            moveCentroids.launch(
                    clusters,
                    THREADS,
                    1,
                    address(centroids),
                    address(sums),
                    address(nearest),
                    address(sizes),
                    address(moved),
                    count,
                    dimension);
            return Arrays.stream(moved.toDoubles()).sum();
        }
    }
}
