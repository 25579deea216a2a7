package dev.reverie.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A small version of each benchmark, compared with reference kernels in double precision,")
class BenchResultsTest {

    /** Rounding of single precision over three blocks, with a margin for a unit near its ReLU's kink. */
    private static final double TOLERANCE = 1e-3;

    private static final int REPEATS = 2;

    static Stream<BenchWorkload.Repeatable> benches() {
        ImageShape grey = new ImageShape(1, 12, 12);
        ImageShape colour = new ImageShape(3, 16, 16);
        return Stream.of(
                new StepBench(grey, 16, 2, 2, 20, Method.DREAM, StyleWeights.NONE),
                new StepBench(colour, 16, 2, 2, 20, Method.DREAM, StyleWeights.NONE),
                new StepBench(colour, 17, 3, 1, 20, Method.DM, new StyleWeights(180, 10_000)),
                new TrainBench(grey, 16, 40),
                new TrainBench(colour, 16, 40),
                new EmbedBench(colour, 16, 40),
                new ClusteringBench(colour, 16, 60, 6));
    }

    @ParameterizedTest
    @MethodSource("benches")
    @DisplayName("gives the same result")
    void givesTheSameResult(BenchWorkload.Repeatable bench) {
        double[] fast = result(bench, Device.kernels(), 2);
        double[] reference = result(bench, Device.referenceKernels(Precision.DOUBLE), 1);

        assertThat(distance(fast, reference)).isLessThan(TOLERANCE * norm(reference));
    }

    private static double[] result(BenchWorkload.Repeatable bench, Kernels kernels, int threadCount) {
        try (BenchWorkload.Repeatable.PreparedBench work = bench.open(kernels, threadCount)) {
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                work.repeat(repeat);
            }
            return work.result();
        }
    }

    private static double distance(double[] left, double[] right) {
        double[] difference = new double[right.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = left[i] - right[i];
        }
        return norm(difference);
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
