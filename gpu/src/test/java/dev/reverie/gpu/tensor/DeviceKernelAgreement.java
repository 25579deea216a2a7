package dev.reverie.gpu.tensor;

import static dev.reverie.gpu.tensor.KernelTensors.inner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.reverie.gpu.network.CrossEntropy;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.DeviceKernels.KernelRecording;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernels of every device fulfil: their results are those of the loops that the host runs instead. */
public abstract class DeviceKernelAgreement {

    private static final int UNITS = 6;
    private static final int COUNT = 40;
    private static final int DIMENSION = 5;

    private final DeviceKernels kernels;
    private final double tolerance;
    private final SplittableRandom random = new SplittableRandom(17);

    /** Tests the kernels of a device in either precision. */
    protected DeviceKernelAgreement(DeviceKernels kernels) {
        this.kernels = kernels;
        this.tolerance = kernels.precision() == Precision.DOUBLE ? 1e-9 : 2e-5;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("distances of gradients and their derivatives are those of the units, also where units are zero")
    protected void distancesAreThoseOfTheUnits(GradientDistance distance) {
        List<Tensor> real = List.of(withZeroUnit(0, UNITS, 3, 3, 3), withZeroUnit(0, UNITS, 7));
        List<Tensor> synthetic = List.of(withZeroUnit(1, UNITS, 3, 3, 3), withZeroUnit(0, UNITS, 7));
        List<Tensor> derivatives = List.of(kernels.allocate(UNITS, 3, 3, 3), kernels.allocate(UNITS, 7));

        double[] distances = kernels.distances(distance, real, synthetic, derivatives);

        assertThat(distances).hasSize(2);
        for (int weight = 0; weight < distances.length; weight++) {
            double[][] actual = derivatives.get(weight).toRows();
            double sum = 0;
            for (int unit = 0; unit < UNITS; unit++) {
                double[] expected = new double[actual[unit].length];
                sum += distance.ofUnit(
                        real.get(weight).toRows()[unit], synthetic.get(weight).toRows()[unit], expected);
                assertClose(actual[unit], expected);
            }
            assertThat(distances[weight]).isCloseTo(sum, offset(tolerance * sum));
        }
    }

    @Test
    @DisplayName("the cross-entropy, its derivative and the number of correct samples are those of the rows")
    protected void crossEntropyIsThatOfTheRows() {
        Tensor logits = kernels.allocate(3, 3);
        logits.setRows(new double[][] {{1, -1, 3}, {400, 0, -400}, {0.5, 2, 2}});
        Tensor targets = kernels.allocate(3, 3);
        double[][] distributions = {{0, 0.25, 0.75}, {0, 1, 0}, {0, 1, 0}};
        targets.setRows(distributions);
        Tensor derivative = kernels.allocate(3, 3);
        Tensor totals = kernels.allocate(2);
        kernels.crossEntropy(logits, targets, 0.5, derivative, totals);

        double[][] rows = logits.toRows();
        double loss = 0;
        for (int row = 0; row < rows.length; row++) {
            double[] softmax = CrossEntropy.softmax(rows[row]);
            double[] expected = new double[softmax.length];
            for (int k = 0; k < softmax.length; k++) {
                expected[k] = 0.5 * (softmax[k] - distributions[row][k]);
            }
            assertClose(derivative.toRows()[row], expected);
            loss += 0.5 * CrossEntropy.loss(rows[row], distributions[row]);
        }
        assertThat(totals.toDoubles()[0]).isCloseTo(loss, offset(tolerance * loss));
        assertThat(totals.toDoubles()[1]).isEqualTo(2);
    }

    @Test
    @DisplayName("recorded kernels run as often as they are launched, and not while they are recorded")
    protected void recordedKernelsRunAgain() {
        Tensor images = filled(2, 4, 6, 6);
        Tensor weights = filled(4, 4, 3, 3);
        Tensor sum = kernels.allocate(2, 4, 6, 6);
        sum.fill(0);
        try (ThreadWorkspace scratch = new ThreadWorkspace(kernels)) {
            Runnable work = () -> {
                try (ThreadWorkspace.Scope temporary = scratch.scope()) {
                    Tensor convolved = scratch.take(2, 4, 6, 6);
                    kernels.convolve(images, weights, 1, convolved);
                    kernels.add(convolved, sum);
                }
            };

            work.run();
            double[] once = sum.toDoubles();
            scratch.free();

            try (KernelRecording recording = kernels.record(work)) {
                double[] recorded = sum.toDoubles();
                sum.fill(0);
                recording.launch();
                double[] again = sum.toDoubles();
                images.fill(0);
                recording.launch();
                double[] ofZeros = sum.toDoubles();
                images.fill(1);
                sum.fill(0);
                recording.launch();
                double[] ofOnes = sum.toDoubles();

                assertThat(recorded).isEqualTo(once);
                assertThat(again).isEqualTo(once);
                assertThat(ofZeros).isEqualTo(once);
                sum.fill(0);
                work.run();
                assertThat(ofOnes).isEqualTo(sum.toDoubles()).isNotEqualTo(once);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,3", "3,1", "4,1", "3,0"})
    @DisplayName("the gradient with respect to the weights of many units is the adjoint of their convolution")
    protected void weightGradientOfManyUnits(int channels, int padding) {
        int units = 64;
        int side = 7 + 2 * padding - 2;
        Tensor images = filled(3, channels, 7, 7);
        Tensor weights = filled(units, channels, 3, 3);
        Tensor cotangents = filled(3, units, side, side);
        Tensor convolved = kernels.allocate(3, units, side, side);
        Tensor gradient = kernels.allocate(units, channels, 3, 3);

        kernels.convolve(images, weights, padding, convolved);
        kernels.weightGradient(images, cotangents, padding, gradient);

        double expected = inner(convolved, cotangents);
        assertThat(inner(gradient, weights)).isCloseTo(expected, offset(10 * tolerance * Math.abs(expected)));
    }

    @Test
    @DisplayName("an iteration of k-means moves centroids to the means of their points, and leaves empty clusters")
    protected void recentresClusters() {
        Tensor points = filled(COUNT, DIMENSION);
        Tensor centroids = filled(4, DIMENSION);
        double[][] rows = points.toRows();
        double[][] before = centroids.toRows();
        Arrays.fill(before[2], 100);
        centroids.setRows(before);
        Tensor sizes = kernels.allocate(4);

        double moved = kernels.recentre(points, centroids, sizes);

        double[][] after = centroids.toRows();
        double expected = 0;
        for (int k = 0; k < 4; k++) {
            int cluster = k;
            double[][] members = Arrays.stream(rows)
                    .filter(row -> nearest(row, before) == cluster)
                    .toArray(double[][]::new);
            assertThat(sizes.toDoubles()[k]).isEqualTo(members.length);
            assertClose(after[k], members.length == 0 ? before[k] : mean(members));
            expected += squaredDistance(after[k], before[k]);
        }
        assertThat(sizes.toDoubles()[2]).isZero();
        assertThat(moved).isCloseTo(expected, offset(tolerance * expected));
    }

    @Test
    @DisplayName("a point that is as near to several centroids belongs to the first of them")
    protected void breaksTies() {
        Tensor points = kernels.allocate(3, 2);
        points.fill(1);
        Tensor centroids = kernels.allocate(2, 2);
        centroids.fill(1);
        Tensor sizes = kernels.allocate(2);

        assertThat(kernels.recentre(points, centroids, sizes)).isZero();

        assertThat(sizes.toDoubles()).containsExactly(3, 0);
    }

    @Test
    @DisplayName("squared distances, squared norms and means are those of the rows")
    protected void statisticsAreThoseOfTheRows() {
        Tensor points = filled(COUNT, DIMENSION);
        Tensor centroids = filled(3, DIMENSION);
        double[][] rows = points.toRows();
        double[] origin = new double[DIMENSION];
        double[][] chosen = {rows[7], rows[2], rows[7]};

        double[][] squared = kernels.squaredDistances(points, centroids);

        assertThat(squared).hasNumberOfRows(COUNT);
        for (int point = 0; point < COUNT; point++) {
            double[] row = rows[point];
            assertClose(
                    squared[point],
                    Arrays.stream(centroids.toRows())
                            .mapToDouble(centroid -> squaredDistance(row, centroid))
                            .toArray());
        }
        double norm = Arrays.stream(rows)
                .mapToDouble(row -> squaredDistance(row, origin))
                .sum();
        assertThat(kernels.squaredNorm(points)).isCloseTo(norm, offset(tolerance * norm));
        assertThat(kernels.mean(points, new int[] {7, 2, 7})).containsExactly(mean(chosen), offset(tolerance));
        double spread = Arrays.stream(rows)
                .mapToDouble(row -> squaredDistance(row, rows[4]))
                .average()
                .orElseThrow();
        assertThat(kernels.meanSquaredDistance(points, rows[4])).isCloseTo(spread, offset(tolerance * spread));
    }

    private Tensor filled(int... shape) {
        Tensor tensor = kernels.allocate(shape);
        // numbers that both precisions have
        tensor.write(
                0,
                random.doubles(tensor.size(), -1, 1).map(value -> (float) value).toArray());
        return tensor;
    }

    /** Fills a weight, in which a unit and the last one are zero. */
    private Tensor withZeroUnit(int zero, int... shape) {
        Tensor weight = filled(shape);
        double[][] units = weight.toRows();
        Arrays.fill(units[zero], 0);
        Arrays.fill(units[UNITS - 1], 0);
        weight.setRows(units);
        return weight;
    }

    /** Compares relative to the largest element. */
    private void assertClose(double[] actual, double[] expected) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertThat(actual).containsExactly(expected, offset(tolerance * largest));
    }

    private static int nearest(double[] point, double[][] centroids) {
        return IntStream.range(0, centroids.length)
                .reduce((a, b) -> squaredDistance(point, centroids[b]) < squaredDistance(point, centroids[a]) ? b : a)
                .orElseThrow();
    }

    private static double[] mean(double[][] rows) {
        return IntStream.range(0, rows[0].length)
                .mapToDouble(i ->
                        Arrays.stream(rows).mapToDouble(row -> row[i]).average().orElseThrow())
                .toArray();
    }

    private static double squaredDistance(double[] one, double[] other) {
        return IntStream.range(0, one.length)
                .mapToDouble(i -> (one[i] - other[i]) * (one[i] - other[i]))
                .sum();
    }
}
