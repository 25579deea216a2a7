package dev.reverie.gpu.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The discrepancy of chosen points")
class MeanDiscrepancyTest {

    private static final int COUNT = 200;
    private static final int DIMENSION = 7;
    private static final double ROUNDING = 1e-12;
    private static final Kernels KERNELS = Device.referenceKernels(Precision.DOUBLE);
    private static final List<Integer> ALL = IntStream.range(0, COUNT).boxed().toList();

    private final SplittableRandom random = new SplittableRandom(6);
    private final double[][] points = IntStream.range(0, COUNT)
            .mapToObj(i -> random.doubles(DIMENSION, -1, 3).toArray())
            .toArray(double[][]::new);

    @Test
    @DisplayName("is the mean discrepancy of the linear kernel, over half the mean squared distance of a pair")
    void kernelForm() {
        List<Integer> chosen = List.of(3, 8, 8, 70, 199);

        double squared = meanProduct(chosen, chosen) - 2 * meanProduct(chosen, ALL) + meanProduct(ALL, ALL);

        assertThat(MeanDiscrepancy.of(matrix(points), chosen, KERNELS))
                .isCloseTo(Math.sqrt(squared / (meanSquaredDistance() / 2)), within(ROUNDING));
    }

    @Test
    @DisplayName("is the same for chosen indices and chosen points")
    void shown() {
        List<Integer> chosen = List.of(3, 8, 8, 70, 199);
        double[][] few = chosen.stream().map(i -> points[i]).toArray(double[][]::new);

        assertThat(MeanDiscrepancy.between(matrix(few), matrix(points), KERNELS))
                .isEqualTo(MeanDiscrepancy.of(matrix(points), chosen, KERNELS));
    }

    @Test
    @DisplayName("is zero if all points are chosen or all are equal")
    void nothing() {
        double[][] one = {{1, 2}, {1, 2}, {1, 2}};

        assertThat(MeanDiscrepancy.of(matrix(points), ALL, KERNELS)).isZero();
        assertThat(MeanDiscrepancy.of(matrix(one), List.of(1), KERNELS)).isZero();
    }

    @Test
    @DisplayName("does not change when all points are translated, reflected and scaled together")
    void dimensionless() {
        List<Integer> chosen = List.of(3, 8, 8, 70, 199);
        double[][] other = IntStream.range(0, COUNT)
                .mapToObj(i -> IntStream.range(0, DIMENSION)
                        .mapToDouble(j -> 5 - 1000 * points[i][DIMENSION - 1 - j])
                        .toArray())
                .toArray(double[][]::new);

        assertThat(MeanDiscrepancy.of(matrix(other), chosen, KERNELS))
                .isCloseTo(MeanDiscrepancy.of(matrix(points), chosen, KERNELS), within(ROUNDING));
    }

    private double meanProduct(List<Integer> some, List<Integer> others) {
        return some.stream()
                .flatMapToDouble(i -> others.stream().mapToDouble(j -> IntStream.range(0, DIMENSION)
                        .mapToDouble(at -> points[i][at] * points[j][at])
                        .sum()))
                .average()
                .orElseThrow();
    }

    private double meanSquaredDistance() {
        return ALL.stream()
                .flatMapToDouble(i -> ALL.stream().mapToDouble(j -> IntStream.range(0, DIMENSION)
                        .mapToDouble(at -> (points[i][at] - points[j][at]) * (points[i][at] - points[j][at]))
                        .sum()))
                .average()
                .orElseThrow();
    }

    private static Tensor matrix(double[][] rows) {
        Tensor matrix = KERNELS.allocate(rows.length, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            matrix.write((long) i * rows[i].length, rows[i]);
        }
        return matrix;
    }
}
