package dev.reverie.gpu.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.network.ConvNetActivations.Cotangents;
import dev.reverie.gpu.network.ParameterSet.ParameterDirection;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks derivatives of whole networks, in double precision, against central differences. */
class ConvNetDerivativesTest {

    /** Small enough that no ReLU switches, large enough for ten correct digits. */
    private static final double STEP = 1e-6;

    private static final double TOLERANCE = 1e-6;
    private static final int SAMPLES = 3;
    private static final int CLASSES = 4;

    private final Kernels kernels = Device.referenceKernels(Precision.DOUBLE);

    @AutoClose
    private final ThreadWorkspace scratch = new ThreadWorkspace(kernels);

    private final SplittableRandom random = new SplittableRandom(7);

    @ParameterizedTest(name = "{0}x{1}x{1}, width {2}, depth {3}")
    @CsvSource({"1,8,4,1", "1,12,3,2", "3,8,4,2", "1,10,4,3", "3,16,3,3", "2,9,3,2"})
    @DisplayName("the gradient with respect to every parameter is the slope of the loss")
    void gradientIsTheSlopeOfTheLoss(int channels, int size, int width, int depth) {
        ConvNet network = network(channels, size, width, depth);
        Tensor x = images(network);
        double[][] targets = targets();
        ParameterSet direction = randomDirection(network);

        double slope = gradient(network, x, targets).product(direction);

        double difference =
                (lossAt(network, direction, STEP, x, targets) - lossAt(network, direction, -STEP, x, targets))
                        / (2 * STEP);
        assertThat(slope).isCloseTo(difference, relative(difference));
    }

    @ParameterizedTest(name = "{0}x{1}x{1}, width {2}, depth {3}")
    @CsvSource({"1,8,4,1", "1,12,3,2", "3,8,4,2", "1,10,4,3", "3,16,3,3", "2,9,3,2"})
    @DisplayName("the tangent pass gives the gradient, with respect to the images, of the inner product of gradient"
            + " and direction")
    void tangentPassGivesTheImageGradient(int channels, int size, int width, int depth) {
        ConvNet network = network(channels, size, width, depth);
        Tensor x = images(network);
        double[][] targets = targets();
        ParameterSet values = randomDirection(network);
        ConvNetActivations activations = network.forward(x, scratch);
        Cotangents cotangents = activations.backward(targets, 1.0 / SAMPLES, network.gradient(scratch), scratch);
        double[] imageDirection = random.doubles(x.size(), -1, 1).toArray();

        double[] gradient = activations
                .imageGradientOf(direction(network, values), cotangents, Optional.empty(), scratch)
                .toDoubles();

        double slope = 0;
        for (int i = 0; i < gradient.length; i++) {
            slope += gradient[i] * imageDirection[i];
        }
        double difference = (innerAt(network, values, x, imageDirection, STEP, targets)
                        - innerAt(network, values, x, imageDirection, -STEP, targets))
                / (2 * STEP);
        assertThat(slope).isCloseTo(difference, relative(difference));
    }

    @Test
    @DisplayName("the gradient norm of each image is the norm of the slopes of its loss with respect to all parameters")
    void gradientNorms() {
        ConvNet network = network(1, 8, 3, 1);
        double[][] targets = targets();
        double[] pixels = images(network).toDoubles();
        int size = pixels.length / SAMPLES;

        List<Double> norms;
        try (ComputeThreads threads = new ComputeThreads(kernels, 2)) {
            norms = new BatchTrainer(threads)
                    .gradientNorms(network, i -> Arrays.copyOfRange(pixels, i * size, (i + 1) * size), targets);
        }

        for (int sample = 0; sample < SAMPLES; sample++) {
            Tensor x = kernels.allocate(1, 1, 8, 8);
            x.write(0, Arrays.copyOfRange(pixels, sample * size, (sample + 1) * size));
            double expected = lengthOfSlopes(network, x, targets[sample]);
            assertThat(norms.get(sample)).isCloseTo(expected, relative(expected));
        }
    }

    /** Computes the gradient by central differences, parameter by parameter. */
    private double lengthOfSlopes(ConvNet network, Tensor x, double[] target) {
        double squared = 0;
        for (Tensor parameter : network.parameters().tensors()) {
            double[] before = parameter.toDoubles();
            for (int i = 0; i < before.length; i++) {
                double slope = (lossWith(network, parameter, i, STEP, x, target)
                                - lossWith(network, parameter, i, -STEP, x, target))
                        / (2 * STEP);
                squared += slope * slope;
            }
        }
        return Math.sqrt(squared);
    }

    private double lossWith(ConvNet network, Tensor parameter, int at, double step, Tensor x, double[] target) {
        double[] before = parameter.toDoubles();
        double[] moved = before.clone();
        moved[at] += step;
        parameter.write(0, moved);
        network.parametersChanged();
        double loss = CrossEntropy.loss(network.logits(x, scratch)[0], target);
        parameter.write(0, before);
        network.parametersChanged();
        return loss;
    }

    @Test
    @DisplayName("without the classifier, the gradient of the blocks and its derivative with respect to the images"
            + " stay the same")
    void blocksAlone() {
        ConvNet network = network(1, 12, 4, 2);
        ConvNetActivations activations = network.forward(images(network), scratch);
        Cotangents all = activations.backward(targets(), 1.0 / SAMPLES, network.gradient(scratch), scratch);
        Cotangents blocks = activations.backward(targets(), 1.0 / SAMPLES, network.blockGradient(scratch), scratch);
        ParameterDirection whole = ParameterDirection.zero(network, scratch);
        ParameterDirection ofBlocks = ParameterDirection.zeroOfBlocks(network, scratch);
        for (int block = 0; block < 2; block++) {
            double[] component = randomDirection(network).convolution(block).toDoubles();
            for (ParameterDirection direction : List.of(whole, ofBlocks)) {
                direction.parameters().convolution(block).write(0, component);
                direction.changed(block, kernels);
            }
        }

        for (int block = 0; block < 2; block++) {
            assertThat(blocks.gradient().convolution(block).toDoubles())
                    .isEqualTo(all.gradient().convolution(block).toDoubles());
        }
        assertThat(activations
                        .imageGradientOf(ofBlocks, blocks, Optional.empty(), scratch)
                        .toDoubles())
                .containsExactly(
                        activations
                                .imageGradientOf(whole, all, Optional.empty(), scratch)
                                .toDoubles(),
                        offset(1e-15));
    }

    @ParameterizedTest(name = "{0}x{1}x{1}, width {2}, depth {3}")
    @CsvSource({"1,8,4,1", "1,12,3,2", "3,8,4,2", "1,10,4,3", "3,16,3,3", "2,9,3,2"})
    @DisplayName("the R-operator is symmetric: <u, Hv> = <v, Hu>")
    void hessianIsSymmetric(int channels, int size, int width, int depth) {
        ConvNet network = network(channels, size, width, depth);
        ConvNetActivations activations = network.forward(images(network), scratch);
        Cotangents cotangents = activations.backward(targets(), 1.0 / SAMPLES, network.gradient(scratch), scratch);
        ParameterSet u = randomDirection(network);
        ParameterSet v = randomDirection(network);

        double uHv = u.product(activations.hessianTimes(direction(network, v), cotangents, scratch));
        double vHu = v.product(activations.hessianTimes(direction(network, u), cotangents, scratch));

        assertThat(uHv).isCloseTo(vHu, relative(vHu));
    }

    @Test
    @DisplayName("the Hessian times a direction is the slope of the gradient")
    void hessianIsTheSlopeOfTheGradient() {
        ConvNet network = network(1, 12, 4, 2);
        Tensor x = images(network);
        double[][] targets = targets();
        ParameterSet u = randomDirection(network);
        ParameterSet v = randomDirection(network);
        ConvNetActivations activations = network.forward(x, scratch);
        Cotangents cotangents = activations.backward(targets, 1.0 / SAMPLES, network.gradient(scratch), scratch);

        double uHv = u.product(activations.hessianTimes(direction(network, v), cotangents, scratch));

        move(network, v, STEP);
        double ahead = u.product(gradient(network, x, targets));
        move(network, v, -2 * STEP);
        double behind = u.product(gradient(network, x, targets));
        double difference = (ahead - behind) / (2 * STEP);
        assertThat(uHv).isCloseTo(difference, relative(difference));
    }

    private static Offset<Double> relative(double expected) {
        return offset(TOLERANCE * Math.abs(expected));
    }

    private ConvNet network(int channels, int size, int width, int depth) {
        return ConvNet.fresh(
                new ConvNetArchitecture(new ImageShape(channels, size, size), CLASSES, width, depth), kernels, random);
    }

    private Tensor images(ConvNet network) {
        ImageShape shape = network.architecture().input();
        Tensor x = scratch.take(SAMPLES, shape.channels(), shape.height(), shape.width());
        x.write(0, random.doubles(x.size(), -1, 1).toArray());
        return x;
    }

    private double[][] targets() {
        double[][] targets = new double[SAMPLES][CLASSES];
        for (int sample = 0; sample < SAMPLES; sample++) {
            targets[sample][sample % CLASSES] = 0.7;
            targets[sample][(sample + 1) % CLASSES] = 0.3;
        }
        return targets;
    }

    private ParameterSet randomDirection(ConvNet network) {
        ParameterSet direction = ParameterSet.allocate(network.architecture(), scratch::take);
        for (Tensor tensor : direction.tensors()) {
            tensor.write(0, random.doubles(tensor.size(), -1, 1).toArray());
        }
        return direction;
    }

    private ParameterDirection direction(ConvNet network, ParameterSet values) {
        ParameterDirection direction = ParameterDirection.zero(network, scratch);
        values.copyTo(direction.parameters());
        for (int block = 0; block < network.architecture().depth(); block++) {
            direction.changed(block, kernels);
        }
        return direction;
    }

    private ParameterSet gradient(ConvNet network, Tensor x, double[][] targets) {
        return network.forward(x, scratch)
                .backward(targets, 1.0 / SAMPLES, network.gradient(scratch), scratch)
                .gradient();
    }

    private double lossAt(ConvNet network, ParameterSet direction, double step, Tensor x, double[][] targets) {
        move(network, direction, step);
        double loss = TrainingTargets.of(List.of(targets)).loss(network.logits(x, scratch)) / SAMPLES;
        move(network, direction, -step);
        return loss;
    }

    private double innerAt(
            ConvNet network, ParameterSet v, Tensor x, double[] imageDirection, double step, double[][] targets) {
        double[] moved = x.toDoubles();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += step * imageDirection[i];
        }
        Tensor there = scratch.take(x.dimension(0), x.dimension(1), x.dimension(2), x.dimension(3));
        there.write(0, moved);
        return gradient(network, there, targets).product(v);
    }

    private static void move(ConvNet network, ParameterSet direction, double step) {
        network.parameters().add(step, direction);
        network.parametersChanged();
    }
}
