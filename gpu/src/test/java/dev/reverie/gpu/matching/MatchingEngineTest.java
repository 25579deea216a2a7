package dev.reverie.gpu.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.sun.management.ThreadMXBean;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatchingEngineTest extends AbstractMatchingEngineTest {
    /** More output units than one thread compares in a batch. */
    private static final int WIDE = 40;

    /** Steps after which the compiler has replaced code that allocates a vector for every operation. */
    private static final int WARM_UP = 3000;

    /** More than a step on 8 real and 4 decoded images of 8x8 pixels takes. */
    private static final long SMALL_STEP_BYTES = 1_000_000;

    @ParameterizedTest
    @EnumSource(GradientDistance.class)
    @DisplayName("single precision on fused kernels agrees with double precision on plain ones")
    void singleAgreesWithDouble(GradientDistance distance) {
        ImageShape shape = new ImageShape(1, 28, 28);
        DistillationSettings settings = settings(distance, 2, 2, "color_crop_cutout");
        MatchTask task =
                new MatchTask(NETWORK, 1, images(shape, 20), ImageBatch.of(shape, values(2 * shape.size())), DRAW);

        MatchOutcome single = matched(MatchingEngine.open(settings, shape, normalisation(1)), task);
        MatchOutcome wide = matched(
                MatchingEngine.on(Device.referenceKernels(Precision.DOUBLE), 1, settings, shape, normalisation(1)),
                task);

        assertThat(single.loss()).isCloseTo(wide.loss(), offset(1e-4 * wide.loss()));
        float[] a = single.gradient().toArray();
        float[] b = wide.gradient().toArray();
        double difference = 0;
        double length = 0;
        for (int i = 0; i < a.length; i++) {
            difference += (a[i] - b[i]) * (double) (a[i] - b[i]);
            length += b[i] * (double) b[i];
        }
        assertThat(Math.sqrt(difference / length)).isLessThan(distance == GradientDistance.L1 ? 5e-2 : 2e-3);
    }

    @ParameterizedTest
    @EnumSource(GradientDistance.class)
    @DisplayName("the loss is the sum over its blocks, and each block contributes the distance of its gradients")
    void lossByBlock(GradientDistance distance) {
        ImageShape shape = new ImageShape(1, 12, 12);
        DistillationSettings settings = settings(WIDE, distance, 3, 1, "none");
        List<Image> real = images(shape, 20);
        ImageBatch synthetic = ImageBatch.of(shape, values(3 * shape.size()));
        Kernels kernels = Device.referenceKernels(Precision.DOUBLE);

        MatchOutcome outcome = matched(
                MatchingEngine.on(kernels, 2, settings, shape, normalisation(1)),
                new MatchTask(NETWORK, 1, real, synthetic, DRAW));

        try (ThreadWorkspace scratch = new ThreadWorkspace(kernels);
                ConvNet network = ConvNet.fresh(
                        new ConvNetArchitecture(shape, CLASSES, WIDE, 3),
                        kernels,
                        Seeds.generator(Seeds.of(SEED, Seeds.Purpose.NETWORK, NETWORK.outer())))) {
            List<double[]> one =
                    gradients(network, real.stream().map(Image::values).toList(), scratch);
            List<double[]> other = gradients(
                    network, IntStream.range(0, 3).mapToObj(synthetic::values).toList(), scratch);
            assertThat(outcome.blockLosses()).hasSize(3);
            for (int block = 0; block < 3; block++) {
                double expected = distance(distance, one.get(block), other.get(block));
                assertThat(outcome.blockLosses().get(block)).isCloseTo(expected, offset(1e-9 * expected));
            }
        }
        assertThat(outcome.blockLosses().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isCloseTo(outcome.loss(), offset(1e-14 * outcome.loss()));
    }

    /** Computes the gradient of each convolution on the whole batch at once. */
    private static List<double[]> gradients(ConvNet network, List<double[]> images, ThreadWorkspace scratch) {
        double[][] targets =
                Collections.nCopies(images.size(), new double[] {0, 1, 0}).toArray(double[][]::new);
        IntFunction<double[]> normalised = i -> Arrays.stream(images.get(i))
                .map(value -> (value - MEAN) / DEVIATION)
                .toArray();
        return network
                .forward(
                        new MicroBatch(0, images.size())
                                .load(network.architecture().input(), normalised, scratch),
                        scratch)
                .backward(targets, 1.0 / images.size(), network.gradient(scratch), scratch)
                .gradient()
                .convolutions()
                .stream()
                .map(gradient -> {
                    double[] values = new double[Math.toIntExact(gradient.size())];
                    gradient.read(0, values);
                    return values;
                })
                .toList();
    }

    private static double distance(GradientDistance distance, double[] real, double[] synthetic) {
        int length = real.length / WIDE;
        double sum = 0;
        for (int unit = 0; unit < WIDE; unit++) {
            int from = unit * length;
            sum += distance.ofUnit(
                    Arrays.copyOfRange(real, from, from + length),
                    Arrays.copyOfRange(synthetic, from, from + length),
                    new double[length]);
        }
        return sum;
    }

    @Test
    @DisplayName("the result has the same bits on any number of compute threads")
    void theNumberOfThreadsDoesNotChangeTheOutcome() {
        ImageShape shape = new ImageShape(1, 16, 16);
        DistillationSettings settings = settings(GradientDistance.MSE, 3, 2, "color_crop_cutout");
        MatchTask task =
                new MatchTask(NETWORK, 0, images(shape, 40), ImageBatch.of(shape, values(3 * shape.size())), DRAW);

        MatchOutcome one = matched(MatchingEngine.on(Device.kernels(), 1, settings, shape, normalisation(1)), task);
        MatchOutcome three = matched(MatchingEngine.on(Device.kernels(), 3, settings, shape, normalisation(1)), task);

        assertThat(three.loss()).isEqualTo(one.loss());
        assertThat(three.gradient().toArray()).isEqualTo(one.gradient().toArray());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STRATIFIED")
    @DisplayName("every selection returns the requested number of valid indices, repeatably")
    void selectionsAreValidAndRepeatable(SelectionRule selection) {
        ImageShape shape = new ImageShape(1, 16, 16);
        List<Image> candidates = images(shape, 40);
        try (MatchingEngine engine =
                MatchingEngine.open(settings(GradientDistance.MSE, 2, 2, "none"), shape, normalisation(1))) {
            SelectTask task = new SelectTask(NETWORK, selection, candidates, 8, DRAW);

            SelectOutcome outcome = engine.select(task);

            assertThat(outcome.indices()).hasSize(8).allMatch(index -> index >= 0 && index < 40);
            assertThat(engine.select(task)).isEqualTo(outcome);
            assertThat(outcome.discrepancy().isPresent()).isEqualTo(selection.needsFeatures());
        }
    }

    @Test
    @DisplayName("a stratified selection orders all candidates, repeatably, and reports the discrepancy of a batch")
    void stratifiedSelectionOrdersAll() {
        ImageShape shape = new ImageShape(1, 16, 16);
        List<Image> candidates = images(shape, 40);
        try (MatchingEngine engine =
                MatchingEngine.open(settings(GradientDistance.MSE, 2, 2, "none"), shape, normalisation(1))) {
            SelectTask task = new SelectTask(NETWORK, SelectionRule.STRATIFIED, candidates, 8, DRAW);

            SelectOutcome outcome = engine.select(task);

            assertThat(outcome.indices())
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 40).boxed().toList());
            assertThat(outcome.discrepancy().orElseThrow()).isBetween(1e-6, 1.0);
            assertThat(engine.select(task)).isEqualTo(outcome);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"K_MEANS", "HERDING", "K_CENTER"})
    @DisplayName("all candidates together represent the class exactly, a single one does not")
    void discrepancy(SelectionRule selection) {
        ImageShape shape = new ImageShape(1, 16, 16);
        List<Image> candidates = images(shape, 12);
        try (MatchingEngine engine =
                MatchingEngine.open(settings(GradientDistance.MSE, 2, 2, "none"), shape, normalisation(1))) {
            double ofAll = engine.select(new SelectTask(NETWORK, selection, candidates, 12, DRAW))
                    .discrepancy()
                    .orElseThrow();
            double single = engine.select(new SelectTask(NETWORK, selection, candidates, 1, DRAW))
                    .discrepancy()
                    .orElseThrow();

            assertThat(ofAll).isCloseTo(0, offset(1e-6));
            assertThat(single).isGreaterThan(0.1);
        }
    }

    @Test
    @DisplayName("the memory off the heap stays the same after the first step")
    void steadyStateAllocatesNothing() {
        ImageShape shape = new ImageShape(1, 16, 16);
        try (MatchingEngine engine = MatchingEngine.open(
                settings(GradientDistance.MSE, 2, 2, "color_crop_cutout"), shape, normalisation(1))) {
            MatchTask match =
                    new MatchTask(NETWORK, 0, images(shape, 40), ImageBatch.of(shape, values(2 * shape.size())), DRAW);
            TrainMatchingNetworkTask train = new TrainMatchingNetworkTask(NETWORK, List.of(labelled(shape, 40)), DRAW);
            for (int warmUp = 0; warmUp < 3; warmUp++) {
                engine.match(match);
                engine.train(train);
            }
            long before = engine.allocatedElements();

            for (int step = 0; step < 20; step++) {
                engine.match(match);
                engine.train(train);
            }

            assertThat(engine.allocatedElements() - before).isZero();
        }
    }

    @Test
    @DisplayName("memory does not grow in 1,000 class steps, neither off the heap nor on it")
    void thousandStepsAllocateAlike() {
        ImageShape shape = new ImageShape(1, 8, 8);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        DistillationSettings settings = settings(GradientDistance.MSE, 1, 2, "color_crop_cutout");
        try (MatchingEngine engine = MatchingEngine.open(settings, shape, normalisation(1))) {
            MatchTask task =
                    new MatchTask(NETWORK, 0, images(shape, 8), ImageBatch.of(shape, values(shape.size())), DRAW);
            runSteps(engine, task, WARM_UP);
            long offHeap = engine.allocatedElements();
            long start = threads.getTotalThreadAllocatedBytes();

            runSteps(engine, task, 500);
            long middle = threads.getTotalThreadAllocatedBytes();
            runSteps(engine, task, 500);
            long end = threads.getTotalThreadAllocatedBytes();

            assertThat(engine.allocatedElements() - offHeap).isZero();
            assertThat(end - middle).isLessThan((long) (1.1 * (middle - start)));
            assertThat((end - middle) / 500).isLessThan(SMALL_STEP_BYTES);
        }
    }

    private static MatchOutcome matched(MatchingEngine engine, MatchTask task) {
        try (engine) {
            return engine.match(task);
        }
    }

    private static void runSteps(MatchingEngine engine, MatchTask task, int steps) {
        for (int step = 0; step < steps; step++) {
            engine.match(task);
        }
    }
}
