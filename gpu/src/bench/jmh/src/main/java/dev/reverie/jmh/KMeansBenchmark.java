package dev.reverie.jmh;

import dev.reverie.gpu.select.KMeans;
import dev.reverie.gpu.select.MeanDiscrepancy;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Measures three operations: choosing 64 representatives from 1,000 points, the matrix product of one assignment step,
 * and the discrepancy between the chosen points and all points.
 */
public class KMeansBenchmark extends KernelBenchmark {

    private static final int POINTS = 1000;
    private static final int FEATURES = 2048;
    private static final int CLUSTERS = 64;

    private final List<Integer> chosen = IntStream.range(0, CLUSTERS).boxed().toList();
    private final ComputeThreads workspace = new ComputeThreads(kernels, 1);
    private final Tensor points = normal(POINTS, FEATURES);
    private final Tensor centroids = normal(CLUSTERS, FEATURES);
    private final Tensor products = kernels.allocate(POINTS, CLUSTERS);

    @Benchmark
    public KMeans.Clustering cluster() {
        return KMeans.cluster(points, CLUSTERS, 1, workspace, 0);
    }

    @Benchmark
    public Tensor assignmentProduct() {
        kernels.multiply(Factor.of(points), Factor.transposed(centroids), false, products);
        return products;
    }

    @Benchmark
    public double discrepancy() {
        return MeanDiscrepancy.of(points, chosen, kernels);
    }

    @TearDown
    public void close() {
        workspace.close();
    }
}
