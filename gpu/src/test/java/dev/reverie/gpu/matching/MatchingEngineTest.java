package dev.reverie.gpu.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.sun.management.ThreadMXBean;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.MatchOutcome;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.SelectOutcome;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.MatchingBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkBuilder;
import dev.reverie.gpu.method.RepresentativesBuilder;
import dev.reverie.gpu.method.ScheduleBuilder;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.Architecture;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Precision;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatchingEngineTest {

    private static final int CLASSES = 3;
    private static final NetworkId NETWORK = new NetworkId(0, CLASSES);
    private static final long DRAW = 99;
    private static final long SEED = 3;
    private static final double MEAN = 0.4;
    private static final double DEVIATION = 0.3;

    /** More output units than one thread compares in a batch. */
    private static final int WIDE = 40;

    /** Steps after which the compiler has replaced code that allocates a vector for every operation. */
    private static final int WARM_UP = 3000;

    /** More than a step on 8 real and 4 decoded images of 8x8 pixels takes. */
    private static final long SMALL_STEP_BYTES = 1_000_000;

    private final SplittableRandom random = new SplittableRandom(5);

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
                        new Architecture(shape, CLASSES, WIDE, 3),
                        kernels,
                        Seeds.generator(Seeds.of(SEED, Seeds.Purpose.NETWORK, NETWORK.outer())))) {
            List<double[]> one =
                    gradients(network, real.stream().map(Image::values).toList(), scratch);
            List<double[]> other = gradients(
                    network, IntStream.range(0, 3).mapToObj(synthetic::values).toList(), scratch);
            assertThat(outcome.byBlock()).hasSize(3);
            for (int block = 0; block < 3; block++) {
                double expected = distance(distance, one.get(block), other.get(block));
                assertThat(outcome.byBlock().get(block)).isCloseTo(expected, offset(1e-9 * expected));
            }
        }
        assertThat(outcome.byBlock().stream().mapToDouble(Double::doubleValue).sum())
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

    @Test
    @DisplayName("allocates no off-heap memory after the first step")
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
    @DisplayName("1,000 class steps allocate no off-heap memory, and heap use does not grow")
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

    private static void runSteps(MatchingEngine engine, MatchTask task, int steps) {
        for (int step = 0; step < steps; step++) {
            engine.match(task);
        }
    }

    @Test
    @DisplayName("training on separable images lowers the cross-entropy")
    void trainingLearns() {
        ImageShape shape = new ImageShape(1, 16, 16);
        try (MatchingEngine engine =
                MatchingEngine.open(settings(GradientDistance.MSE, 2, 2, "color_crop"), shape, normalisation(1))) {
            List<List<LabelledImage>> batches = Collections.nCopies(30, labelled(shape, 30));

            double first = engine.train(new TrainMatchingNetworkTask(NETWORK, batches.subList(0, 1), DRAW))
                    .loss();
            engine.train(new TrainMatchingNetworkTask(NETWORK, batches, DRAW));
            double last = engine.train(new TrainMatchingNetworkTask(NETWORK, batches.subList(0, 1), DRAW))
                    .loss();

            assertThat(last).isLessThan(0.8 * first);
        }
    }

    @Test
    @DisplayName("a training ends at the step before which it is cancelled")
    void cancelledTraining() {
        ImageShape shape = new ImageShape(1, 16, 16);
        AtomicInteger steps = new AtomicInteger();
        try (MatchingEngine engine =
                MatchingEngine.open(settings(GradientDistance.MSE, 2, 2, "color_crop"), shape, normalisation(1))) {
            engine.beforeEachStep(() -> {
                if (steps.incrementAndGet() == 3) {
                    throw new CancellationException("cancelled");
                }
            });
            List<List<LabelledImage>> batches = Collections.nCopies(30, labelled(shape, 30));

            assertThatThrownBy(() -> engine.train(new TrainMatchingNetworkTask(NETWORK, batches, DRAW)))
                    .isInstanceOf(CancellationException.class);
            assertThat(steps).hasValue(3);
        }
    }

    @Test
    @DisplayName("a network that was saved and restored continues identically")
    void restoredNetworkGoesOn() {
        ImageShape shape = new ImageShape(1, 16, 16);
        DistillationSettings settings = settings(GradientDistance.MSE, 2, 2, "color_crop");
        TrainMatchingNetworkTask first = new TrainMatchingNetworkTask(NETWORK, List.of(labelled(shape, 30)), 1);
        MatchTask then =
                new MatchTask(NETWORK, 2, images(shape, 10), ImageBatch.of(shape, values(2 * shape.size())), 2);
        try (MatchingEngine original = MatchingEngine.open(settings, shape, normalisation(1));
                MatchingEngine restored = MatchingEngine.open(settings, shape, normalisation(1))) {
            original.train(first);

            restored.restore(original.networks());

            assertThat(restored.train(first)).isEqualTo(original.train(first));
            assertThat(restored.match(then).gradient().toArray())
                    .isEqualTo(original.match(then).gradient().toArray());
        }
    }

    @Test
    @DisplayName("a class that joins enlarges the classifier and changes nothing else")
    void classifierGrows() {
        ImageShape shape = new ImageShape(1, 16, 16);
        try (MatchingEngine engine =
                MatchingEngine.open(settings(GradientDistance.MSE, 2, 2, "none"), shape, normalisation(1))) {
            engine.train(new TrainMatchingNetworkTask(NETWORK, List.of(labelled(shape, 30)), DRAW));
            List<float[]> before = engine.networks().getLast().parameters();

            engine.select(
                    new SelectTask(new NetworkId(0, CLASSES + 1), SelectionRule.K_MEANS, images(shape, 10), 2, DRAW));

            List<float[]> after = engine.networks().getLast().parameters();
            for (int i = 0; i < before.size() - 2; i++) {
                assertThat(after.get(i)).isEqualTo(before.get(i));
            }
            assertThat(after.get(before.size() - 2)).startsWith(before.get(before.size() - 2));
            assertThat(after.getLast()).hasSize(CLASSES + 1);
        }
    }

    @ParameterizedTest
    @EnumSource(SelectionRule.class)
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

    private static MatchOutcome matched(MatchingEngine engine, MatchTask task) {
        try (engine) {
            return engine.match(task);
        }
    }

    private static DistillationSettings settings(GradientDistance distance, int ipc, int factor, String augmentation) {
        return settings(4, distance, ipc, factor, augmentation);
    }

    private static DistillationSettings settings(
            int width, GradientDistance distance, int ipc, int factor, String augmentation) {
        return DistillationSettings.of(Method.DREAM)
                .ipc(ipc)
                .factor(factor)
                .network(NetworkBuilder.builder()
                        .width(width)
                        .depth(3)
                        .learningRate(0.01)
                        .momentum(0.9)
                        .weightDecay(5e-4)
                        .augmentation("color_crop")
                        .mixProbability(0.5)
                        .build())
                .matching(MatchingBuilder.builder()
                        .distance(distance)
                        .learningRate(0.1)
                        .momentum(0.5)
                        .augmentation(augmentation)
                        .maxDecoded(128)
                        .build())
                .representatives(RepresentativesBuilder.builder()
                        .count(8)
                        .interval(10)
                        .candidates(100)
                        .build())
                .schedule(ScheduleBuilder.builder()
                        .outerIterations(1)
                        .innerLoops(10)
                        .networkSamples(64)
                        .networkBatch(32)
                        .build())
                .seed(SEED)
                .build();
    }

    private static Normalisation normalisation(int channels) {
        return new Normalisation(Collections.nCopies(channels, MEAN), Collections.nCopies(channels, DEVIATION));
    }

    private List<Image> images(ImageShape shape, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    byte[] pixels = new byte[shape.size()];
                    random.nextBytes(pixels);
                    return Image.of(shape, pixels);
                })
                .toList();
    }

    /** Vertical stripes, horizontal stripes, and noise. */
    private List<LabelledImage> labelled(ImageShape shape, int count) {
        List<LabelledImage> labelled = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] pixels = new byte[shape.size()];
            int label = i % CLASSES;
            for (int at = 0; at < pixels.length; at++) {
                boolean bright =
                        switch (label) {
                            case 0 -> at % shape.width() % 4 < 2;
                            case 1 -> at / shape.width() % 4 < 2;
                            default -> random.nextBoolean();
                        };
                pixels[at] = (byte) (random.nextInt(60) + (bright ? 150 : 0));
            }
            labelled.add(new LabelledImage(Image.of(shape, pixels), label));
        }
        return labelled;
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble();
        }
        return values;
    }
}
