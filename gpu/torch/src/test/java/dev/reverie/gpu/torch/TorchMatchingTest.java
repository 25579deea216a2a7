package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.MatchOutcome;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.MatchingSettingsBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettingsBuilder;
import dev.reverie.gpu.method.NetworkVariation;
import dev.reverie.gpu.method.RepresentativeSettingsBuilder;
import dev.reverie.gpu.method.ScheduleSettingsBuilder;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Precision;
import dev.reverie.gpu.tensor.nd4j.Nd4jEngine;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A class step on libtorch")
class TorchMatchingTest {

    private static final ImageShape SHAPE = new ImageShape(3, 12, 12);
    private static final KernelEngine ND4J = new Nd4jEngine();
    private static final KernelEngine TORCH = new TorchEngine();

    /** Sums over a batch have another order, because a device computes it in one piece. */
    private static final double TOLERANCE = 1e-6;

    private final Random random = new Random(8);

    @BeforeAll
    static void open() {
        TORCH.open();
        ND4J.open();
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"DREAM", "DC", "DM", "DANCE"})
    @DisplayName("equals that on ND4J, with tensors on the host and with whole batches on a device")
    void equalsNd4j(Method method) {
        // given
        MatchTask task = new MatchTask(
                new NetworkId(0, 3),
                1,
                IntStream.range(0, 40).mapToObj(_ -> image()).toList(),
                ImageBatch.of(SHAPE, values(2 * SHAPE.size())),
                7);

        // when
        MatchOutcome expected = matched(ND4J.referenceKernels(Precision.DOUBLE), method, task);
        MatchOutcome onHost = matched(TORCH.referenceKernels(Precision.DOUBLE), method, task);
        MatchOutcome onDevice = matched(new TorchKernels(Precision.DOUBLE, TorchMemory.ofDevice("cpu")), method, task);

        // then
        for (MatchOutcome actual : List.of(onHost, onDevice)) {
            assertThat(actual.loss()).isCloseTo(expected.loss(), offset(TOLERANCE * expected.loss()));
            float[] gradient = expected.gradient().toArray();
            float[] other = actual.gradient().toArray();
            double largest = 0;
            double worst = 0;
            for (int i = 0; i < gradient.length; i++) {
                largest = Math.max(largest, Math.abs(gradient[i]));
                worst = Math.max(worst, Math.abs(gradient[i] - other[i]));
            }
            assertThat(largest).isPositive();
            assertThat(worst / largest).isLessThan(TOLERANCE);
        }
    }

    private static MatchOutcome matched(Kernels kernels, Method method, MatchTask task) {
        Normalisation normalisation = new Normalisation(List.of(0.4, 0.5, 0.6), List.of(0.3, 0.3, 0.3));
        try (MatchingEngine engine = MatchingEngine.on(kernels, 1, settings(method), SHAPE, normalisation)) {
            return engine.match(task);
        }
    }

    private static DistillationSettings settings(Method method) {
        return DistillationSettings.of(method)
                .ipc(2)
                .factor(2)
                .network(NetworkSettingsBuilder.builder()
                        .width(6)
                        .depth(2)
                        .learningRate(0.01)
                        .momentum(0.9)
                        .weightDecay(5e-4)
                        .augmentation("color_crop")
                        .mixProbability(0.5)
                        .variation(NetworkVariation.NONE)
                        .build())
                .matching(MatchingSettingsBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(0.1)
                        .momentum(0.5)
                        .augmentation("color_crop_cutout")
                        .maxDecoded(128)
                        .build())
                .representatives(RepresentativeSettingsBuilder.builder()
                        .count(8)
                        .interval(10)
                        .candidates(100)
                        .build())
                .schedule(ScheduleSettingsBuilder.builder()
                        .outerIterations(1)
                        .innerLoops(10)
                        .networkSamples(64)
                        .networkBatch(32)
                        .build())
                .seed(3)
                .build();
    }

    private Image image() {
        byte[] levels = new byte[SHAPE.size()];
        random.nextBytes(levels);
        return Image.of(SHAPE, levels);
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }
}
