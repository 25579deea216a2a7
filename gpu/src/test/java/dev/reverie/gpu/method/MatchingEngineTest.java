package dev.reverie.gpu.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.sun.management.ThreadMXBean;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.network.Architecture;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.objective.Distance;
import dev.reverie.gpu.select.Selection;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Precision;
import dev.reverie.gpu.tensor.Scratch;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MatchingEngineTest {

    private static final int CLASSES = 3;
    private static final NetworkId NETWORK = new NetworkId(0, CLASSES);
    private static final long DRAW = 99;
    private static final long SEED = 3;
    private static final double MEAN = 0.4;
    private static final double DEVIATION = 0.3;

    /** More output units than one lane compares at a time. */
    private static final int WIDE = 40;

    /** So small that no ReLU changes sides on the way: across one, a difference says nothing about a derivative. */
    private static final double STEP = 1e-7;

    /** Steps after which the compiler has replaced code that allocates a vector for every operation. */
    private static final int WARM_UP = 3000;

    /** More than a step on 8 real and 4 decoded images of 8x8 pixels takes. */
    private static final long SMALL_STEP_BYTES = 1_000_000;

    private final SplittableRandom random = new SplittableRandom(5);

    @ParameterizedTest(name = "{0}, {1}x{2}x{2}, ipc {3}, factor {4}, {5}")
    @CsvSource({
        "MSE, 1, 12, 3, 2, none",
        "L1, 1, 12, 2, 2, color_crop",
        "COS, 1, 12, 2, 2, color_crop_cutout",
        "MSE, 3, 16, 2, 2, color_crop_cutout",
        "COS, 3, 16, 2, 1, flip_scale",
        "L1, 2, 9, 2, 2, rotate",
    })
    @DisplayName("the image gradient of a ConvNet-3 is the slope of the matching distance, in double precision")
    void imageGradientIsTheSlopeOfTheDistance(
            Distance distance, int channels, int size, int ipc, int factor, String augmentation) {
        assertSlope(settings(distance, ipc, factor, augmentation), new ImageShape(channels, size, size));
    }

    @ParameterizedTest(name = "{0}, {1}, factor {2}, {3}")
    @CsvSource({
        "DANCE, MSE, 2, color_crop_cutout",
        "DANCE, COS, 1, color|crop|cutout|flip|scale|rotate",
        "DREAM_PLUS, MSE, 2, color_crop_cutout",
        "DREAM_PLUS, L1, 1, none",
        "DREAM_PLUS, COS, 2, flip_scale",
        "DSA, COS, 1, color|crop|cutout|flip|scale|rotate",
        "DC, MSE, 2, none",
    })
    @DisplayName("so it is where features or all gradients are matched, on a blended network")
    void imageGradientOfFeatures(Method method, Distance distance, int factor, String augmentation) {
        ImageShape shape = new ImageShape(1, 12, 12);
        DistillationSettings settings =
                of(method, settings(distance, 2, factor, augmentation), POOL, distanceOnly(distance, augmentation));

        assertSlope(settings, shape);
    }

    @Test
    @DisplayName("with calibration the image gradient is the slope of distance and weighted cross-entropy together")
    void imageGradientWithCalibration() {
        ImageShape shape = new ImageShape(1, 12, 12);
        double weight = 2.5;
        DistillationSettings plain = of(Method.DANCE, settings(Distance.MSE, 2, 2, "none"), SINGLE, calibrated(0));
        DistillationSettings settings =
                of(Method.DANCE, settings(Distance.MSE, 2, 2, "none"), SINGLE, calibrated(weight));
        double[][] stored = random(2, shape.size());
        double[][] direction = random(2, shape.size());
        MatchTask task = task(shape, 2);
        Kernels kernels = Device.referenceKernels(Precision.DOUBLE);
        try (MatchingEngine with = MatchingEngine.on(kernels, 2, settings, shape, normalisation(1));
                MatchingEngine without = MatchingEngine.on(kernels, 2, plain, shape, normalisation(1))) {
            double slope = product(with.match(task, stored).gradient(), direction)
                    - product(without.match(task, stored).gradient(), direction);

            double ahead = crossEntropy(kernels, shape, moved(stored, direction, STEP));
            double behind = crossEntropy(kernels, shape, moved(stored, direction, -STEP));

            double difference = weight * (ahead - behind) / (2 * STEP);
            assertThat(slope).isCloseTo(difference, offset(1e-6 * Math.abs(difference)));
        }
    }

    private static final DistillationSettings.Network SINGLE = network(1, false);
    private static final DistillationSettings.Network POOL = network(3, true);

    private static DistillationSettings.Network network(int pool, boolean blended) {
        return new DistillationSettings.Network(4, 3, 0.01, 0.9, 5e-4, "color_crop", 0.5, pool, blended);
    }

    private static DistillationSettings.Matching distanceOnly(Distance distance, String augmentation) {
        return new DistillationSettings.Matching(distance, 0.1, 0.5, augmentation, 128, 0, 0);
    }

    private static DistillationSettings.Matching calibrated(double weight) {
        return new DistillationSettings.Matching(Distance.MSE, 0.1, 0.5, "none", 128, 0, weight);
    }

    private static DistillationSettings of(
            Method method,
            DistillationSettings base,
            DistillationSettings.Network network,
            DistillationSettings.Matching matching) {
        return new DistillationSettings(
                method,
                base.ipc(),
                base.factor(),
                network,
                matching,
                base.representatives(),
                base.schedule(),
                base.seed());
    }

    /**
     * Mean cross-entropy of the decoded images under the network of the first outer iteration, by the engine's parts.
     */
    private static double crossEntropy(Kernels kernels, ImageShape shape, double[][] stored) {
        MultiFormation formation = MultiFormation.of(2, shape);
        int decoded = stored.length * formation.cells();
        try (Scratch scratch = new Scratch(kernels);
                ConvNet network = ConvNet.fresh(
                        new Architecture(shape, CLASSES, 4, 3),
                        kernels,
                        Draws.generator(Draws.of(SEED, Draws.Purpose.NETWORK, NETWORK.outer())))) {
            IntFunction<double[]> images = i -> Arrays.stream(formation.decode(
                            stored[formation.storedOf(i, stored.length)], formation.cellOf(i, stored.length)))
                    .map(value -> (value - MEAN) / DEVIATION)
                    .toArray();
            double[][] targets =
                    Collections.nCopies(decoded, new double[] {0, 1, 0}).toArray(double[][]::new);
            return network.forward(new MicroBatch(0, decoded).load(shape, images, scratch), scratch)
                            .loss(targets)
                    / decoded;
        }
    }

    private MatchTask task(ImageShape shape, int ipc) {
        return new MatchTask(NETWORK, 1, images(shape, 4), ImageBatch.of(shape, new float[ipc * shape.size()]), DRAW);
    }

    private void assertSlope(DistillationSettings settings, ImageShape shape) {
        double[][] stored = random(settings.ipc(), shape.size());
        double[][] direction = random(settings.ipc(), shape.size());
        MatchTask task = task(shape, settings.ipc());
        try (MatchingEngine engine = MatchingEngine.on(
                Device.referenceKernels(Precision.DOUBLE), 2, settings, shape, normalisation(shape.channels()))) {
            double slope = product(engine.match(task, stored).gradient(), direction);
            double ahead = engine.match(task, moved(stored, direction, STEP)).loss();
            double behind = engine.match(task, moved(stored, direction, -STEP)).loss();
            double difference = (ahead - behind) / (2 * STEP);
            assertThat(slope).isCloseTo(difference, offset(1e-6 * Math.abs(difference)));
        }
    }

    private static double product(List<double[]> gradient, double[][] direction) {
        double product = 0;
        for (int i = 0; i < direction.length; i++) {
            for (int at = 0; at < direction[i].length; at++) {
                product += gradient.get(i)[at] * direction[i][at];
            }
        }
        return product;
    }

    private double[][] random(int images, int size) {
        double[][] values = new double[images][];
        for (int i = 0; i < images; i++) {
            values[i] = random.doubles(size).toArray();
        }
        return values;
    }

    private static double[][] moved(double[][] images, double[][] direction, double step) {
        double[][] moved = new double[images.length][];
        for (int i = 0; i < images.length; i++) {
            moved[i] = images[i].clone();
            for (int at = 0; at < moved[i].length; at++) {
                moved[i][at] += step * direction[i][at];
            }
        }
        return moved;
    }

    @ParameterizedTest
    @EnumSource(Distance.class)
    @DisplayName("single precision on fused kernels agrees with double precision on plain ones")
    void singleAgreesWithDouble(Distance distance) {
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
        assertThat(Math.sqrt(difference / length)).isLessThan(distance == Distance.L1 ? 5e-2 : 2e-3);
    }

    @ParameterizedTest
    @EnumSource(Distance.class)
    @DisplayName("the loss is the sum of its blocks, and the part of each is the distance of its gradients")
    void lossByBlock(Distance distance) {
        ImageShape shape = new ImageShape(1, 12, 12);
        DistillationSettings settings = settings(WIDE, distance, 3, 1, "none");
        List<Image> real = images(shape, 20);
        ImageBatch synthetic = ImageBatch.of(shape, values(3 * shape.size()));
        Kernels kernels = Device.referenceKernels(Precision.DOUBLE);

        MatchOutcome outcome = matched(
                MatchingEngine.on(kernels, 2, settings, shape, normalisation(1)),
                new MatchTask(NETWORK, 1, real, synthetic, DRAW));

        try (Scratch scratch = new Scratch(kernels);
                ConvNet network = ConvNet.fresh(
                        new Architecture(shape, CLASSES, WIDE, 3),
                        kernels,
                        Draws.generator(Draws.of(SEED, Draws.Purpose.NETWORK, NETWORK.outer())))) {
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

    /** Of each convolution, on the whole batch at once. */
    private static List<double[]> gradients(ConvNet network, List<double[]> images, Scratch scratch) {
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

    private static double distance(Distance distance, double[] real, double[] synthetic) {
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
    @DisplayName("the outcome is the same to the last bit on any number of lanes")
    void lanesDoNotChangeTheOutcome() {
        ImageShape shape = new ImageShape(1, 16, 16);
        DistillationSettings settings = settings(Distance.MSE, 3, 2, "color_crop_cutout");
        MatchTask task =
                new MatchTask(NETWORK, 0, images(shape, 40), ImageBatch.of(shape, values(3 * shape.size())), DRAW);

        MatchOutcome one = matched(MatchingEngine.on(Device.kernels(), 1, settings, shape, normalisation(1)), task);
        MatchOutcome three = matched(MatchingEngine.on(Device.kernels(), 3, settings, shape, normalisation(1)), task);

        assertThat(three.loss()).isEqualTo(one.loss());
        assertThat(three.gradient().toArray()).isEqualTo(one.gradient().toArray());
    }

    @Test
    @DisplayName("nothing is allocated off the heap once the first step is done")
    void steadyStateAllocatesNothing() {
        ImageShape shape = new ImageShape(1, 16, 16);
        try (MatchingEngine engine =
                MatchingEngine.open(settings(Distance.MSE, 2, 2, "color_crop_cutout"), shape, normalisation(1))) {
            MatchTask match =
                    new MatchTask(NETWORK, 0, images(shape, 40), ImageBatch.of(shape, values(2 * shape.size())), DRAW);
            TrainTask train = new TrainTask(NETWORK, List.of(labelled(shape, 40)), DRAW);
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
    @DisplayName("1,000 class steps take no memory off the heap and, on the heap, no more towards the end than before")
    void thousandStepsAllocateAlike() {
        ImageShape shape = new ImageShape(1, 8, 8);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        DistillationSettings settings = settings(Distance.MSE, 1, 2, "color_crop_cutout");
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
    @DisplayName("training on separable images brings the cross-entropy down")
    void trainingLearns() {
        ImageShape shape = new ImageShape(1, 16, 16);
        try (MatchingEngine engine =
                MatchingEngine.open(settings(Distance.MSE, 2, 2, "color_crop"), shape, normalisation(1))) {
            List<List<LabelledImage>> batches = Collections.nCopies(30, labelled(shape, 30));

            double first = engine.train(new TrainTask(NETWORK, batches.subList(0, 1), DRAW))
                    .loss();
            engine.train(new TrainTask(NETWORK, batches, DRAW));
            double last = engine.train(new TrainTask(NETWORK, batches.subList(0, 1), DRAW))
                    .loss();

            assertThat(last).isLessThan(0.8 * first);
        }
    }

    @Test
    @DisplayName("a saved and restored network goes on as if nothing had happened")
    void restoredNetworkGoesOn() {
        ImageShape shape = new ImageShape(1, 16, 16);
        DistillationSettings settings = settings(Distance.MSE, 2, 2, "color_crop");
        TrainTask first = new TrainTask(NETWORK, List.of(labelled(shape, 30)), 1);
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
                MatchingEngine.open(settings(Distance.MSE, 2, 2, "none"), shape, normalisation(1))) {
            engine.train(new TrainTask(NETWORK, List.of(labelled(shape, 30)), DRAW));
            List<float[]> before = engine.networks().getLast().parameters();

            engine.select(new SelectTask(new NetworkId(0, CLASSES + 1), Selection.K_MEANS, images(shape, 10), 2, DRAW));

            List<float[]> after = engine.networks().getLast().parameters();
            for (int i = 0; i < before.size() - 2; i++) {
                assertThat(after.get(i)).isEqualTo(before.get(i));
            }
            assertThat(after.get(before.size() - 2)).startsWith(before.get(before.size() - 2));
            assertThat(after.getLast()).hasSize(CLASSES + 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Selection.class)
    @DisplayName("every selection returns as many valid indices as asked for, and the same again")
    void selectionsAreValidAndRepeatable(Selection selection) {
        ImageShape shape = new ImageShape(1, 16, 16);
        List<Image> candidates = images(shape, 40);
        try (MatchingEngine engine =
                MatchingEngine.open(settings(Distance.MSE, 2, 2, "none"), shape, normalisation(1))) {
            SelectTask task = new SelectTask(NETWORK, selection, candidates, 8, DRAW);

            SelectOutcome outcome = engine.select(task);

            assertThat(outcome.indices()).hasSize(8).allMatch(index -> index >= 0 && index < 40);
            assertThat(engine.select(task)).isEqualTo(outcome);
            assertThat(outcome.discrepancy().isPresent()).isEqualTo(selection.needsFeatures());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"K_MEANS", "HERDING", "K_CENTER"})
    @DisplayName("all candidates together stand for themselves, a single one does not")
    void discrepancy(Selection selection) {
        ImageShape shape = new ImageShape(1, 16, 16);
        List<Image> candidates = images(shape, 12);
        try (MatchingEngine engine =
                MatchingEngine.open(settings(Distance.MSE, 2, 2, "none"), shape, normalisation(1))) {
            double ofAll = engine.select(new SelectTask(NETWORK, selection, candidates, 12, DRAW))
                    .discrepancy()
                    .orElseThrow();
            double ofOne = engine.select(new SelectTask(NETWORK, selection, candidates, 1, DRAW))
                    .discrepancy()
                    .orElseThrow();

            assertThat(ofAll).isCloseTo(0, offset(1e-6));
            assertThat(ofOne).isGreaterThan(0.1);
        }
    }

    private static MatchOutcome matched(MatchingEngine engine, MatchTask task) {
        try (engine) {
            return engine.match(task);
        }
    }

    private static DistillationSettings settings(Distance distance, int ipc, int factor, String augmentation) {
        return settings(4, distance, ipc, factor, augmentation);
    }

    private static DistillationSettings settings(
            int width, Distance distance, int ipc, int factor, String augmentation) {
        return new DistillationSettings(
                Method.DREAM,
                ipc,
                factor,
                new DistillationSettings.Network(width, 3, 0.01, 0.9, 5e-4, "color_crop", 0.5, 1, false),
                new DistillationSettings.Matching(distance, 0.1, 0.5, augmentation, 128, 0, 0),
                new DistillationSettings.Representatives(8, 10, 100),
                new DistillationSettings.Schedule(1, 10, 64, 32, 0, 0),
                SEED);
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

    /** Upright stripes, lying stripes, and noise. */
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
