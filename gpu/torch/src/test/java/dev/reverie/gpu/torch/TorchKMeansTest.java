package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.reverie.gpu.select.KMeans;
import dev.reverie.gpu.select.KMeans.Clustering;
import dev.reverie.gpu.select.MeanDiscrepancy;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("K-means with points on a device")
class TorchKMeansTest {

    private static final int DIMENSION = 6;
    private static final KernelEngine TORCH = new TorchEngine();

    private final SplittableRandom random = new SplittableRandom(8);

    @BeforeAll
    static void open() {
        TORCH.open();
    }

    private static Kernels device() {
        return new TorchDeviceKernels(Precision.DOUBLE, TorchMemory.ofDevice("cpu"));
    }

    private static Kernels host() {
        return new TorchKernels(Precision.DOUBLE, TorchMemory.ofHost());
    }

    @ParameterizedTest(name = "spread {0}")
    @ValueSource(doubles = {0, 3, 50})
    @DisplayName("ends where it ends on the host, whether the points form groups or not")
    void equalsTheHost(double spread) {
        double[][] points = new double[700][];
        for (int i = 0; i < points.length; i++) {
            points[i] = random.doubles(DIMENSION, -1, 1).toArray();
            points[i][i % DIMENSION] += spread;
        }

        for (long seed = 0; seed < 5; seed++) {
            Clustering onHost = cluster(host(), points, 12, seed);
            Clustering onDevice = cluster(device(), points, 12, seed);

            assertSame(onDevice, onHost);
        }
    }

    @Test
    @DisplayName("leaves the same clusters empty as on the host, if there are fewer places than clusters")
    void leavesClustersEmpty() {
        // whole numbers, so that ties are exact
        double[][] points = IntStream.range(0, 60)
                .mapToObj(i -> IntStream.range(0, DIMENSION)
                        .mapToDouble(j -> i % 5 == j ? 4 : 0)
                        .toArray())
                .toArray(double[][]::new);

        Clustering onDevice = cluster(device(), points, 9, 2);

        assertThat(onDevice.sizes()).contains(0);
        assertSame(onDevice, cluster(host(), points, 9, 2));
    }

    private static void assertSame(Clustering actual, Clustering expected) {
        assertThat(actual.nearest()).isEqualTo(expected.nearest());
        assertThat(actual.core()).isEqualTo(expected.core());
        assertThat(actual.sizes()).isEqualTo(expected.sizes());
        assertThat(actual.inertia()).isCloseTo(expected.inertia(), withPercentage(1e-7));
    }

    @Test
    @DisplayName("refuses features that are not finite")
    void refusesNonFiniteFeatures() {
        double[][] points = new double[3][DIMENSION];
        points[1][2] = Double.NaN;

        assertThatThrownBy(() -> cluster(device(), points, 2, 1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("not finite");
    }

    @Test
    @DisplayName("gives chosen points whose discrepancy is that on the host")
    void measuresTheDiscrepancy() {
        double[][] points = IntStream.range(0, 200)
                .mapToObj(_ -> random.doubles(DIMENSION, -1, 3).toArray())
                .toArray(double[][]::new);
        List<Integer> chosen = List.of(3, 8, 8, 70, 199);

        double onHost = on(host(), points, (kernels, matrix) -> MeanDiscrepancy.of(matrix, chosen, kernels));
        double onDevice = on(device(), points, (kernels, matrix) -> MeanDiscrepancy.of(matrix, chosen, kernels));

        assertThat(onDevice).isCloseTo(onHost, withPercentage(1e-7));
    }

    private static Clustering cluster(Kernels kernels, double[][] points, int clusters, long seed) {
        try (ComputeThreads threads = new ComputeThreads(kernels, 1)) {
            return on(kernels, points, (_, matrix) -> KMeans.cluster(matrix, clusters, 2, threads, seed));
        }
    }

    private static <T> T on(Kernels kernels, double[][] points, BiFunction<Kernels, Tensor, T> use) {
        try (Tensor matrix = kernels.allocate(points.length, DIMENSION)) {
            matrix.setRows(points);
            return use.apply(kernels, matrix);
        }
    }
}
