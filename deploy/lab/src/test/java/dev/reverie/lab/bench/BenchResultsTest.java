package dev.reverie.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.util.stream.Stream;
import org.apache.commons.math3.util.MathArrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A small version of each benchmark, compared with reference kernels in double precision,")
class BenchResultsTest {

    /** Rounding of single precision over three blocks, with a margin for a unit near its ReLU's kink. */
    private static final double TOLERANCE = 1e-3;

    static Stream<EngineWorkload> benches() {
        ImageShape grey = new ImageShape(1, 12, 12);
        ImageShape colour = new ImageShape(3, 16, 16);
        return Stream.of(
                new EngineWorkload.Step(grey, 16, 2, 2, 20, Method.DREAM, StyleWeights.NONE),
                new EngineWorkload.Step(colour, 16, 2, 2, 20, Method.DREAM, StyleWeights.NONE),
                new EngineWorkload.Step(colour, 17, 3, 1, 20, Method.DM, new StyleWeights(180, 10_000)),
                new EngineWorkload.Train(grey, 16, 40),
                new EngineWorkload.Train(colour, 16, 40),
                new EngineWorkload.Embed(colour, 16, 40),
                new EngineWorkload.Cluster(colour, 16, 60, 6, BenchImages.GENERATED));
    }

    @ParameterizedTest
    @MethodSource("benches")
    @DisplayName("gives the same result")
    void givesTheSameResult(EngineWorkload bench) {
        double[] fast = result(bench, Device.kernels(), 2);
        double[] reference = result(bench, Device.referenceKernels(Precision.DOUBLE), 1);

        assertThat(MathArrays.distance(fast, reference)).isLessThan(TOLERANCE * MathArrays.safeNorm(reference));
    }

    private static double[] result(EngineWorkload bench, Kernels kernels, int threadCount) {
        try (EngineWorkload.Prepared work = bench.open(kernels, threadCount)) {
            work.repeat(0);
            return work.repeat(1).get();
        }
    }
}
