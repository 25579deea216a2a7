package dev.reverie.gpu.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dl4j.GraphArchitecture;
import dev.reverie.gpu.dl4j.GraphClassifier;
import dev.reverie.gpu.network.Classifier.NetworkClassifier;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A classifier that grows")
class GrowingClassifierTest {

    private static final ImageShape SHAPE = new ImageShape(2, 8, 8);
    private static final TrainingTargets TARGETS = TrainingTargets.of(List.of(
            new double[] {1, 0, 0}, new double[] {0, 1, 0}, new double[] {0, 0, 1}, new double[] {0.5, 0.5, 0}));

    /** A product of another size may sum in another order. */
    private static final double ROUNDING = 1e-12;

    private static final Sgd SGD = new Sgd(0.05, 0.9, 5e-4);

    private final Kernels kernels = Device.referenceKernels(Precision.DOUBLE);

    @AutoClose
    private final ComputeThreads threads = new ComputeThreads(kernels, 1);

    private final SplittableRandom random = new SplittableRandom(6);
    private final List<double[]> images = Stream.generate(
                    () -> random.doubles(SHAPE.size(), -1, 1).toArray())
            .limit(TARGETS.samples())
            .toList();

    @ParameterizedTest
    @ValueSource(strings = {"convnet", "resnet"})
    @DisplayName("keeps its logits for old classes, and has newly drawn weights for new ones")
    void keepsOldLogits(String kind) {
        try (Classifier network = trained(kind);
                Classifier grown = network.withClasses(5, random);
                Classifier other = network.withClasses(5, random)) {
            for (int i = 0; i < images.size(); i++) {
                double[] before = logits(network, i);
                double[] after = logits(grown, i);

                assertThat(after).hasSize(5);
                assertThat(Arrays.copyOf(after, 3)).containsExactly(before, within(ROUNDING));
                assertThat(Arrays.copyOf(logits(other, i), 3)).containsExactly(before, within(ROUNDING));
                assertThat(logits(other, i)[3]).isNotEqualTo(after[3]);
                assertThat(logits(other, i)[4]).isNotEqualTo(after[4]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"convnet", "resnet"})
    @DisplayName("is independent of the original, and refuses to shrink")
    void ownNetwork(String kind) {
        try (Classifier network = trained(kind);
                Classifier grown = network.withClasses(3, random)) {
            double[] before = logits(network, 0);

            grown.step(images::get, TARGETS, SGD);

            assertThat(logits(network, 0)).containsExactly(before);
            assertThat(logits(grown, 0)).isNotEqualTo(before);
            assertThatThrownBy(() -> network.withClasses(2, random)).hasMessageContaining("can only grow");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"convnet", "resnet"})
    @DisplayName("has copies that continue with its momentum, or from rest if their optimiser is reset")
    void momentum(String kind) {
        Sgd carried = new Sgd(1e-3, 0.9, 0);
        try (Classifier network = trained(kind);
                Classifier moving = network.withClasses(3, random);
                Classifier resting = network.withClasses(3, random);
                Classifier plain = network.withClasses(3, random)) {
            resting.resetOptimiser();

            moving.step(images::get, TARGETS, carried);
            resting.step(images::get, TARGETS, carried);
            plain.step(images::get, TARGETS, new Sgd(carried.rate(), 0, 0));

            assertThat(logits(resting, 0)).containsExactly(logits(plain, 0));
            assertThat(logits(moving, 0)).isNotEqualTo(logits(plain, 0));
        }
    }

    private double[] logits(Classifier network, int index) {
        return network.logits(images.size(), images::get).get(index);
    }

    /** Creates a network of three classes with momentum. */
    private Classifier trained(String kind) {
        Classifier network = kind.equals("resnet")
                ? GraphClassifier.fresh(GraphArchitecture.resNet(SHAPE, 3, 1), kernels, threads, random)
                : new NetworkClassifier(
                        ConvNet.fresh(new ConvNetArchitecture(SHAPE, 3, 4, 2), kernels, random),
                        new BatchTrainer(threads));
        network.step(images::get, TARGETS, SGD);
        return network;
    }
}
