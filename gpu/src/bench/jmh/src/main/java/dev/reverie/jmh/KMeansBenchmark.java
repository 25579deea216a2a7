package dev.reverie.jmh;

import dev.reverie.gpu.select.KMeans;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Lanes;
import dev.reverie.gpu.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The choice of 64 representatives of 1,000 points, and the product of matrices behind one assignment. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KMeansBenchmark {

    private static final int POINTS = 1000;
    private static final int FEATURES = 2048;
    private static final int CLUSTERS = 64;

    private final Kernels kernels = Device.kernels();
    private final Lanes lane = new Lanes(kernels, 1);
    private final Tensor points = Tensors.normal(kernels, POINTS, FEATURES);
    private final Tensor centroids = Tensors.normal(kernels, CLUSTERS, FEATURES);
    private final Tensor products = kernels.allocate(POINTS, CLUSTERS);

    @Benchmark
    public KMeans.Clustering cluster() {
        return KMeans.cluster(points, CLUSTERS, kernels, lane, 0);
    }

    @Benchmark
    public Tensor assignmentProduct() {
        kernels.multiply(points, false, centroids, true, false, products);
        return products;
    }

    @TearDown
    public void close() {
        lane.close();
    }
}
