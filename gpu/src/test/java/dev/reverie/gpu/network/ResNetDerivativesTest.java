package dev.reverie.gpu.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A ResNet")
class ResNetDerivativesTest {

    /** Small enough that no ReLU switches. */
    private static final double STEP = 1e-6;

    private static final double TOLERANCE = 1e-6;
    private static final int SAMPLES = 3;
    private static final int CLASSES = 4;

    private final Kernels kernels = Device.referenceKernels(Precision.DOUBLE);

    @AutoClose
    private final ThreadWorkspace scratch = new ThreadWorkspace(kernels);

    private final SplittableRandom random = new SplittableRandom(7);

    @ParameterizedTest(name = "{0}x{1}x{2}, width {3}")
    @CsvSource({"1,12,12,2", "3,16,16,2", "2,17,17,3", "3,20,25,2", "3,25,16,2", "1,28,12,1"})
    @DisplayName("has the slope of the loss as its gradient with respect to every parameter")
    void gradientIsTheSlopeOfTheLoss(int channels, int height, int across, int width) {
        Network network = network(new ImageShape(channels, height, across), width);
        Tensor x = images(network);
        ParameterSet direction = direction(network);

        ParameterSet gradient = network.gradient(scratch);
        Activations activations = network.forward(x, scratch);
        activations.backward(targets().gradient(activations.logits(scratch), 1.0 / SAMPLES), gradient, scratch);

        double difference =
                (lossAt(network, direction, STEP, x) - lossAt(network, direction, -2 * STEP, x)) / (2 * STEP);
        assertThat(gradient.product(direction)).isCloseTo(difference, offset(TOLERANCE * Math.abs(difference)));
    }

    @ParameterizedTest(name = "{0}x{1}x{2}, width {3}")
    @CsvSource({"1,12,12,2", "3,16,16,2", "2,17,17,3", "3,20,25,2", "3,25,16,2", "1,28,12,1"})
    @DisplayName("has the slope of its embedding as its gradient with respect to the images")
    void imageGradientIsTheSlopeOfTheEmbedding(int channels, int height, int across, int width) {
        Network network = network(new ImageShape(channels, height, across), width);
        Tensor x = images(network);
        double[] pixels = x.toDoubles();
        double[] change = random.doubles(pixels.length, -1, 1).toArray();
        Tensor byFeatures = network.takeFeatures(scratch, SAMPLES);
        byFeatures.write(0, random.doubles(byFeatures.size(), -1, 1).toArray());

        double[] gradient =
                network.forward(x, scratch).imageGradient(byFeatures, scratch).toDoubles();

        double ahead = embeddingAt(network, x, pixels, change, STEP, byFeatures);
        double behind = embeddingAt(network, x, pixels, change, -STEP, byFeatures);
        double difference = (ahead - behind) / (2 * STEP);
        assertThat(difference).isNotZero();
        assertThat(inner(gradient, change)).isCloseTo(difference, offset(TOLERANCE * Math.abs(difference)));
    }

    @Test
    @DisplayName("has the slope of the cross-entropy as its derivative with respect to the images")
    void lossByImages() {
        Network network = network(new ImageShape(3, 16, 16), 2);
        Tensor x = images(network);
        double[] pixels = x.toDoubles();
        double[] change = random.doubles(pixels.length, -1, 1).toArray();
        double[][] targets = targets().targets().toArray(double[][]::new);

        Activations activations = network.forward(x, scratch);
        double[] gradient = activations
                .imageGradient(activations.lossByFeatures(targets, 1, scratch), scratch)
                .toDoubles();

        x.write(0, moved(pixels, change, STEP));
        double ahead = targets().loss(network.logits(x, scratch));
        x.write(0, moved(pixels, change, -STEP));
        double behind = targets().loss(network.logits(x, scratch));
        double difference = (ahead - behind) / (2 * STEP);
        assertThat(difference).isNotZero();
        assertThat(inner(gradient, change)).isCloseTo(difference, offset(TOLERANCE * Math.abs(difference)));
    }

    @Test
    @DisplayName("has the same embedding whether it stores activations or not")
    void embeddings() {
        Network network = network(new ImageShape(3, 16, 16), 2);
        Tensor x = images(network);

        assertThat(network.embed(x, scratch).toDoubles())
                .isEqualTo(network.forward(x, scratch).features().toDoubles());
    }

    @Test
    @DisplayName("has as many parameters as the published ResNetAP-10 for CIFAR")
    void parameters() {
        Architecture published = new ResNetArchitecture(new ImageShape(3, 32, 32), 10, 32);
        long values = ParameterSet.allocate(published, scratch::take).tensors().stream()
                .mapToLong(Tensor::size)
                .sum();

        assertThat(values).isEqualTo(1_228_970);
    }

    @Test
    @DisplayName("refuses images that three halvings would leave with single pixels")
    void smallImages() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResNetArchitecture(new ImageShape(3, 15, 32), 10, 32))
                .withMessageContaining("too small for a ResNet");
    }

    private Network network(ImageShape shape, int width) {
        Network network = Network.fresh(new ResNetArchitecture(shape, CLASSES, width), kernels, random);
        // scales of 1 and shifts of 0 would hide an error in either
        List<Tensor> all = network.parameters().tensors();
        all.stream()
                .filter(tensor -> tensor.rank() == 1)
                .forEach(tensor ->
                        tensor.write(0, random.doubles(tensor.size(), 0.2, 1).toArray()));
        network.parametersChanged();
        return network;
    }

    private Tensor images(Network network) {
        ImageShape shape = network.architecture().input();
        Tensor x = scratch.take(SAMPLES, shape.channels(), shape.height(), shape.width());
        x.write(0, random.doubles(x.size(), -1, 1).toArray());
        return x;
    }

    private static TrainingTargets targets() {
        double[][] targets = new double[SAMPLES][CLASSES];
        for (int sample = 0; sample < SAMPLES; sample++) {
            targets[sample][sample % CLASSES] = 0.7;
            targets[sample][(sample + 1) % CLASSES] = 0.3;
        }
        return TrainingTargets.of(Arrays.asList(targets));
    }

    private ParameterSet direction(Network network) {
        ParameterSet direction = network.gradient(scratch);
        for (Tensor tensor : direction.tensors()) {
            tensor.write(0, random.doubles(tensor.size(), -1, 1).toArray());
        }
        return direction;
    }

    /** The loss after another step along a direction. */
    private double lossAt(Network network, ParameterSet direction, double step, Tensor x) {
        network.parameters().add(step, direction);
        network.parametersChanged();
        return targets().loss(network.logits(x, scratch)) / SAMPLES;
    }

    private double embeddingAt(
            Network network, Tensor x, double[] pixels, double[] change, double step, Tensor byFeatures) {
        x.write(0, moved(pixels, change, step));
        return inner(network.embed(x, scratch).toDoubles(), byFeatures.toDoubles());
    }

    private static double[] moved(double[] origin, double[] direction, double step) {
        double[] moved = origin.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += step * direction[i];
        }
        return moved;
    }

    private static double inner(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
