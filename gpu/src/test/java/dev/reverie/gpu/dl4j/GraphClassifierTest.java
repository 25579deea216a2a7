package dev.reverie.gpu.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.network.TrainingTargets;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Optimiser.AdamW;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.nd4j.Nd4jTensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A DeepLearning4J network in training")
class GraphClassifierTest {

    private static final int CLASSES = 3;
    private static final ImageShape SHAPE = new ImageShape(2, 8, 8);
    private static final Sgd SGD = new Sgd(0.05, 0.9, 5e-4);

    /** Central differences of a loss of about 1 in double precision, at a step so small that no unit switches. */
    private static final double STEP = 1e-6;

    private static final double RELATIVE = 1e-6;

    /** Rounding error of a difference quotient: 1e-16 of the loss divided by the step. */
    private static final double ABSOLUTE = 2e-9;

    private final Kernels kernels = Device.referenceKernels(Precision.DOUBLE);

    @AutoClose
    private final ComputeThreads threads = new ComputeThreads(kernels, 2);

    private final SplittableRandom random = new SplittableRandom(5);

    static Stream<GraphArchitecture> networks() {
        return Stream.of(
                GraphArchitecture.resNet(SHAPE, CLASSES, 1),
                GraphArchitecture.resNet(new ImageShape(2, 68, 68), CLASSES, 1),
                GraphArchitecture.denseNet(SHAPE, CLASSES),
                GraphArchitecture.batchNormConvNet(new ConvNetArchitecture(new ImageShape(1, 8, 8), CLASSES, 4, 2)),
                GraphArchitecture.multiLayerPerceptron(SHAPE, CLASSES));
    }

    @ParameterizedTest
    @MethodSource("networks")
    @DisplayName("has the gradient of the mean cross-entropy against distributions, by central differences")
    void gradient(GraphArchitecture architecture) {
        List<double[]> images = images(architecture.input(), 2);
        double[][] targets = {{0.25, 0.75, 0}, {0, 0, 1}};
        try (GraphClassifier network = fresh(architecture)) {
            network.gradient(images::get, TrainingTargets.of(List.of(targets)));
            double[] gradient = Nd4jTensor.over(network.gradients()).toDoubles();
            Tensor parameters = network.parameters();
            double[] at = parameters.toDoubles();

            for (int index : random.ints(architecture.padded().height() < 32 ? 12 : 2, 0, at.length)
                    .toArray()) {
                double above = lossAt(network, parameters, at, index, STEP, images, targets);
                double below = lossAt(network, parameters, at, index, -STEP, images, targets);

                double difference = (above - below) / (2 * STEP);
                assertThat(gradient[index])
                        .as("parameter %d of %s", index, architecture)
                        .isCloseTo(difference, within(ABSOLUTE + RELATIVE * Math.abs(difference)));
            }
        }
    }

    private static double lossAt(
            GraphClassifier network,
            Tensor parameters,
            double[] at,
            int index,
            double step,
            List<double[]> images,
            double[][] targets) {
        parameters.write(index, new double[] {at[index] + step});
        double loss = network.gradient(images::get, TrainingTargets.of(List.of(targets)));
        parameters.write(index, new double[] {at[index]});
        return loss;
    }

    @Test
    @DisplayName("steps like PyTorch's SGD: v = m v + g + wd w, w -= lr v, for every parameter")
    void sgdStep() {
        List<double[]> images = images(SHAPE, 4);
        TrainingTargets targets = oneHot(4);
        try (GraphClassifier network = fresh(convNet())) {
            double[] expected = network.parameters().toDoubles();
            double[] velocity = new double[expected.length];
            for (int step = 0; step < 2; step++) {
                try (GraphClassifier probe = network.withClasses(CLASSES, random)) {
                    probe.gradient(images::get, targets);
                    double[] gradient = Nd4jTensor.over(probe.gradients()).toDoubles();
                    for (int i = 0; i < expected.length; i++) {
                        velocity[i] = SGD.momentum() * velocity[i] + gradient[i] + SGD.decay() * expected[i];
                        expected[i] -= SGD.rate() * velocity[i];
                    }
                }
                network.step(images::get, targets, SGD);
            }

            assertThat(network.parameters().toDoubles()).containsExactly(expected, within(1e-12));
        }
    }

    @Test
    @DisplayName("decays weights in a step of AdamW, but neither biases nor scales and shifts")
    void adamStep() {
        List<double[]> images = images(SHAPE, 4);
        try (GraphClassifier network = fresh(convNet())) {
            double[] before = network.parameters().toDoubles();

            network.step(images::get, oneHot(4), new AdamW(1e-9, 1e8));

            // then of the 2 and 4 channels of the convolutions, their scales and shifts, and the classifier of 16
            // inputs
            double[] after = network.parameters().toDoubles();
            for (int i = 0; i < before.length; i++) {
                boolean affine = (i >= 72 && i < 80) || (i >= 224 && i < 232);
                boolean bias = i >= before.length - CLASSES;
                assertThat(after[i]).isCloseTo((affine || bias ? 1 : 0.9) * before[i], within(1e-8));
            }
        }
    }

    @Test
    @DisplayName("uses running statistics in tests, updated by a tenth per batch as in PyTorch")
    void runningStatistics() {
        // given one pixel a channel, and a classifier that shows what comes out of the normalisation
        ImageShape pixel = new ImageShape(2, 2, 2);
        GraphArchitecture architecture =
                GraphArchitecture.batchNormConvNet(new ConvNetArchitecture(pixel, CLASSES, 1, 1));
        try (GraphClassifier network = fresh(architecture)) {
            List<double[]> batch = images(pixel, 5);
            double[] before = network.logits(1, batch::get).getFirst();

            network.step(batch::get, oneHot(5), new Sgd(1e-300, 0, 0));

            // then the weights are the same, and only what the normalisation knows has moved
            double[] after = network.logits(1, batch::get).getFirst();
            double[] w = network.parameters().toDoubles();
            double[] all = convolved(batch, w);
            double mean = Arrays.stream(all).average().orElseThrow();
            double variance =
                    Arrays.stream(all).map(z -> (z - mean) * (z - mean)).sum() / (all.length - 1);
            double[] first = convolved(batch.subList(0, 1), w);
            assertThat(before).containsExactly(logits(w, pooled(first, 0, 1)), within(1e-9));
            assertThat(after).containsExactly(logits(w, pooled(first, 0.1 * mean, 0.9 + 0.1 * variance)), within(1e-9));
        }
    }

    /** Convolves images of two channels with the first 18 parameters, the 3x3 weights of one output channel. */
    private static double[] convolved(List<double[]> images, double[] w) {
        return images.stream()
                .flatMapToDouble(image -> IntStream.range(0, 4).mapToDouble(at -> {
                    double sum = 0;
                    for (int tap = 0; tap < 18; tap++) {
                        int row = at / 2 + tap % 9 / 3 - 1;
                        int column = at % 2 + tap % 3 - 1;
                        if (row >= 0 && row < 2 && column >= 0 && column < 2) {
                            sum += w[tap] * image[tap / 9 * 4 + row * 2 + column];
                        }
                    }
                    return sum;
                }))
                .toArray();
    }

    private static double pooled(double[] z, double mean, double variance) {
        return Arrays.stream(z)
                .map(value -> Math.max(0, (value - mean) / Math.sqrt(variance + 1e-5)))
                .average()
                .orElseThrow();
    }

    /** After the convolution come scale, shift, the classifier's weights and its biases. */
    private static double[] logits(double[] w, double feature) {
        return IntStream.range(0, CLASSES)
                .mapToDouble(k -> w[20 + k] * feature + w[20 + CLASSES + k])
                .toArray();
    }

    @Test
    @DisplayName("continues from a copy like the original, including momentum and statistics")
    void copy() {
        List<double[]> images = images(SHAPE, 4);
        try (GraphClassifier network = fresh(GraphArchitecture.resNet(SHAPE, CLASSES, 1))) {
            network.step(images::get, oneHot(4), SGD);
            try (GraphClassifier copy = network.withClasses(CLASSES, random)) {
                network.step(images::get, oneHot(4), SGD);
                double[] alone = network.logits(1, images::get).getFirst();

                assertThat(copy.logits(1, images::get).getFirst()).isNotEqualTo(alone);
                copy.step(images::get, oneHot(4), SGD);
                assertThat(copy.logits(1, images::get).getFirst()).containsExactly(alone);
            }
        }
    }

    @Test
    @DisplayName("learns the same bits on one compute thread and on three")
    void anyNumberOfThreads() {
        List<double[]> images = images(SHAPE, 40);
        Kernels single = Device.kernels();
        try (ComputeThreads one = new ComputeThreads(single, 1);
                ComputeThreads three = new ComputeThreads(single, 3);
                GraphClassifier alone = GraphClassifier.fresh(convNet(), single, one, new SplittableRandom(2));
                GraphClassifier shared = GraphClassifier.fresh(convNet(), single, three, new SplittableRandom(2))) {
            for (int step = 0; step < 2; step++) {
                alone.step(images::get, oneHot(40), SGD);
                shared.step(images::get, oneHot(40), SGD);
            }

            assertThat(shared.logits(1, images::get).getFirst())
                    .containsExactly(alone.logits(1, images::get).getFirst());
        }
    }

    @Test
    @DisplayName("draws a ResNet's convolutions normal by fan-out, and linear layers uniform by fan-in")
    void initialWeights() {
        try (GraphClassifier network = fresh(GraphArchitecture.resNet(new ImageShape(3, 32, 32), CLASSES, 1))) {
            double[] w = network.parameters().toDoubles();
            double[] stem = Arrays.copyOfRange(w, 0, 3 * 9 * 32);
            double[] linear = Arrays.copyOfRange(w, w.length - 257 * CLASSES, w.length);

            assertThat(deviation(stem)).isCloseTo(Math.sqrt(2.0 / (9 * 32)), within(0.1 * Math.sqrt(2.0 / (9 * 32))));
            assertThat(Arrays.stream(linear).map(Math::abs).max().orElseThrow()).isBetween(0.95 / 16, 1.0 / 16);
            assertThat(deviation(linear)).isCloseTo(1 / (16 * Math.sqrt(3)), within(0.1 / 16));
        }
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(Arrays.stream(values)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElseThrow());
    }

    private static GraphArchitecture convNet() {
        return GraphArchitecture.batchNormConvNet(new ConvNetArchitecture(SHAPE, CLASSES, 4, 2));
    }

    private GraphClassifier fresh(GraphArchitecture architecture) {
        return GraphClassifier.fresh(architecture, kernels, threads, new SplittableRandom(7));
    }

    private List<double[]> images(ImageShape shape, int count) {
        return Stream.generate(() -> random.doubles(shape.size(), -1, 1).toArray())
                .limit(count)
                .toList();
    }

    private static TrainingTargets oneHot(int count) {
        double[][] targets = new double[count][CLASSES];
        for (int i = 0; i < count; i++) {
            targets[i][i % CLASSES] = 1;
        }
        return TrainingTargets.of(List.of(targets));
    }
}
