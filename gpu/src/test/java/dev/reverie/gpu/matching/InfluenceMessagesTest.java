package dev.reverie.gpu.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.network.CrossEntropy;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The mean influence message of embeddings")
class InfluenceMessagesTest {

    private static final int CLASSES = 3;
    private static final int OUTPUT = 1;

    private final Random random = new Random(7);
    private final Kernels kernels = Device.referenceKernels(Precision.DOUBLE);
    private final ThreadWorkspace scratch = new ThreadWorkspace(kernels);
    private final ConvNet network =
            ConvNet.fresh(new ConvNetArchitecture(new ImageShape(1, 8, 8), CLASSES, 4, 2), kernels, Seeds.generator(1));
    private final InfluenceMessages messages = new InfluenceMessages(network, OUTPUT);
    private final int features = network.architecture().features();

    @AfterEach
    void close() {
        scratch.close();
        network.close();
    }

    @Test
    @DisplayName("is the weighted mean of the published messages, each scaled to length 1")
    void isTheMean() {
        double[][] embeddings = {vector(features), vector(features)};
        double[] weights = {0.3, 0.7};
        Tensor rows = scratch.take(2, features);
        for (int i = 0; i < 2; i++) {
            rows.write((long) i * features, embeddings[i]);
        }

        double[] mean = messages.of(rows, weights, scratch);

        double[] expected = new double[CLASSES * features];
        for (int i = 0; i < 2; i++) {
            double[] message = message(embeddings[i]);
            for (int j = 0; j < message.length; j++) {
                expected[j] += weights[i] * message[j];
            }
        }
        assertThat(mean).containsExactly(expected, within(1e-12));
    }

    @Test
    @DisplayName("has the distance that the published probes have on average")
    void distanceOfAllProbes() {
        double[] real = vector(12);
        double[] synthetic = Arrays.stream(real)
                .map(x -> 0.7 * x + 0.4 * random.nextGaussian())
                .toArray();

        double distance = messages.distance(real, synthetic, new double[12]);

        double sum = 0;
        int probes = 400_000;
        for (int k = 0; k < probes; k++) {
            double a = 0;
            double b = 0;
            for (int i = 0; i < real.length; i++) {
                double w = random.nextGaussian();
                a += w * real[i];
                b += w * synthetic[i];
            }
            sum += (a - b) * (a - b) / (a * a + b * b);
        }
        assertThat(distance).isCloseTo(100 * sum / probes, within(0.3));
    }

    @Test
    @DisplayName("has no distance from itself, and the largest from its opposite")
    void limits() {
        double[] real = vector(12);
        double[] opposite = Arrays.stream(real).map(x -> -x).toArray();

        assertThat(messages.distance(real, real, new double[12])).isCloseTo(0, within(1e-3));
        assertThat(messages.distance(real, opposite, new double[12])).isCloseTo(200, within(1e-3));
        assertThat(messages.distance(real, new double[12], new double[12])).isEqualTo(100);
    }

    private double[] message(double[] embedding) {
        double[] weight = new double[CLASSES * features];
        network.parameters().classifier().orElseThrow().weight().read(0, weight);
        double[] logits = new double[CLASSES];
        network.parameters().classifier().orElseThrow().bias().read(0, logits);
        for (int c = 0; c < CLASSES; c++) {
            for (int i = 0; i < features; i++) {
                logits[c] += weight[c * features + i] * embedding[i];
            }
        }
        double[] byLogits = CrossEntropy.softmax(logits);
        byLogits[OUTPUT] -= 1;
        double[] message = new double[CLASSES * features];
        for (int j = 0; j < message.length; j++) {
            message[j] = (1 + 0.2 * byLogits[j / features]) * embedding[j % features];
        }
        double length = Math.sqrt(Arrays.stream(message).map(x -> x * x).sum());
        return Arrays.stream(message).map(x -> x / length).toArray();
    }

    private double[] vector(int size) {
        return random.doubles(size).toArray();
    }
}
