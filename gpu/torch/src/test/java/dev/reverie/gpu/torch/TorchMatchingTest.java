package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.MatchingArchitecture;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import dev.reverie.gpu.tensor.nd4j.Nd4jEngine;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A class step on libtorch")
class TorchMatchingTest {

    private static final ImageShape SHAPE = new ImageShape(3, 16, 16);
    private static final KernelEngine ND4J = new Nd4jEngine();
    private static final KernelEngine TORCH = new TorchEngine();

    /** Sums over a batch have another order, because a device computes it in one piece. */
    private static final double TOLERANCE = 1e-6;

    /** Memory of the CPU that is used as if it were that of a GPU. */
    private static final TorchMemory DEVICE = TorchMemory.ofDevice("cpu");

    /**
     * For both batches the images, the bias, the logits and their derivatives; the distances; for the tangents the
     * logits and their derivatives; the derivative with respect to the images.
     */
    private static final int COPIES = 12;

    /** 60 photographs of 1.15 MiB each are loaded in parts of at most 32 MiB. */
    private static final int PARTS = 3;

    private final Random random = new Random(8);

    /** Kernels of a device on which no batch fits. */
    private static final class DividingKernels extends TorchDeviceKernels {

        private DividingKernels() {
            super(Precision.DOUBLE, DEVICE);
        }

        @Override
        public int microBatches(int samples) {
            return Math.min(samples, 3);
        }
    }

    @BeforeAll
    static void open() {
        TORCH.open();
        ND4J.open();
    }

    @ParameterizedTest
    @CsvSource({
        "DREAM, MSE, CONVNET",
        "DREAM, L1_MEAN, CONVNET",
        "DREAM, COS, CONVNET",
        "DC, COS, CONVNET",
        "DM, MSE, CONVNET",
        "DANCE, MSE, CONVNET",
        "DANCE, MSE, RESNET_10"
    })
    @DisplayName("equals that on ND4J, with tensors on the host and with whole or divided batches on a device")
    void equalsNd4j(Method method, GradientDistance distance, MatchingArchitecture architecture) {
        MatchTask task = task();
        DistillationSettings convNet = settings(method, distance);
        DistillationSettings settings = convNet.withNetwork(convNet.network().withArchitectures(List.of(architecture)));

        MatchOutcome expected = matched(ND4J.referenceKernels(Precision.DOUBLE), settings, task);
        MatchOutcome onHost = matched(TORCH.referenceKernels(Precision.DOUBLE), settings, task);
        MatchOutcome onDevice = matched(new TorchDeviceKernels(Precision.DOUBLE, DEVICE), settings, task);
        MatchOutcome inParts = matched(new DividingKernels(), settings, task);

        for (MatchOutcome actual : List.of(onHost, onDevice, inParts)) {
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

    @Test
    @DisplayName("loads photographs in parts that fit the heap")
    void loadsPhotographsInParts() {
        ImageShape shape = new ImageShape(3, 224, 224);
        MicroBatch batch = new MicroBatch(2, 60);
        CountingKernels kernels = new CountingKernels();
        try (ThreadWorkspace scratch = new ThreadWorkspace(kernels)) {

            Tensor loaded = batch.load(
                    shape,
                    index -> DoubleStream.generate(() -> index)
                            .limit(shape.size())
                            .toArray(),
                    scratch);

            assertThat(kernels.copies()).isEqualTo(PARTS);
            double[] first = new double[1];
            double[] last = new double[1];
            for (int place = 0; place < batch.size(); place++) {
                loaded.read((long) place * shape.size(), first);
                loaded.read((place + 1L) * shape.size() - 1, last);
                assertThat(first).containsExactly(batch.start() + place);
                assertThat(last).containsExactly(batch.start() + place);
            }
        }
    }

    @Test
    @DisplayName("copies a tensor between the host and a device once per pass, not once per image or unit")
    void copiesFewTensors() {
        CountingKernels kernels = new CountingKernels();
        MatchTask task = task();
        try (MatchingEngine engine = engine(kernels, settings(Method.DREAM, GradientDistance.COS))) {
            engine.match(task);
            kernels.copies();

            engine.match(task);
        }

        assertThat(kernels.copies()).isEqualTo(COPIES);
    }

    private MatchTask task() {
        return new MatchTask(
                new NetworkId(0, 3),
                1,
                IntStream.range(0, 40)
                        .mapToObj(_ -> SmallTasks.image(SHAPE, random))
                        .toList(),
                ImageBatch.of(SHAPE, SmallTasks.values(2 * SHAPE.size(), random)),
                7);
    }

    private static MatchOutcome matched(Kernels kernels, DistillationSettings settings, MatchTask task) {
        try (MatchingEngine engine = engine(kernels, settings)) {
            return engine.match(task);
        }
    }

    private static MatchingEngine engine(Kernels kernels, DistillationSettings settings) {
        Normalisation normalisation = new Normalisation(List.of(0.4, 0.5, 0.6), List.of(0.3, 0.3, 0.3));
        return MatchingEngine.on(kernels, 1, settings, SHAPE, normalisation);
    }

    private static DistillationSettings settings(Method method, GradientDistance distance) {
        return SmallTasks.settings(method, 8, SmallTasks.matching(distance))
                .ipc(2)
                .factor(2)
                .build();
    }
}
