package dev.reverie.gpu.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The DeepLearning4J networks")
class GraphArchitecturesTest {

    private static final ImageShape CIFAR = new ImageShape(3, 32, 32);
    private static final ImageShape FASHION = new ImageShape(1, 28, 28);

    private final Kernels kernels = Device.kernels();

    static Stream<Arguments> published() {
        return Stream.of(
                Arguments.of(GraphArchitecture.resNet(CIFAR, 10, 1), 1_228_970),
                Arguments.of(GraphArchitecture.resNet(CIFAR, 10, 2), 2_797_610),
                Arguments.of(GraphArchitecture.denseNet(CIFAR, 10), 1_000_618),
                // ConvNet-3 of 320,010 without the bias of its three convolutions
                Arguments.of(
                        GraphArchitecture.batchNormConvNet(new ConvNetArchitecture(CIFAR, 10, 128, 3)),
                        320_010 - 3 * 128),
                Arguments.of(
                        GraphArchitecture.multiLayerPerceptron(CIFAR, 10),
                        3072 * 128 + 128 + 128 * 128 + 128 + 1280 + 10));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("published")
    @DisplayName("have as many parameters as published, for CIFAR-10")
    void parameterCounts(GraphArchitecture architecture, long count) {
        try (ComputeThreads threads = new ComputeThreads(kernels, 1);
                GraphClassifier network = fresh(architecture, threads)) {
            assertThat(network.parameters().size()).isEqualTo(count);
        }
    }

    static Stream<GraphArchitecture> onFashion() {
        return Stream.of(
                GraphArchitecture.resNet(FASHION, 10, 1),
                GraphArchitecture.resNet(FASHION, 10, 2),
                GraphArchitecture.denseNet(FASHION, 10),
                GraphArchitecture.batchNormConvNet(new ConvNetArchitecture(FASHION, 10, 8, 3)),
                GraphArchitecture.multiLayerPerceptron(FASHION, 10),
                GraphArchitecture.resNet(new ImageShape(3, 8, 8), 10, 1),
                GraphArchitecture.resNet(new ImageShape(3, 40, 40), 10, 1),
                GraphArchitecture.resNet(new ImageShape(3, 72, 66), 10, 1),
                GraphArchitecture.resNet(new ImageShape(3, 130, 130), 10, 1));
    }

    @ParameterizedTest
    @MethodSource("onFashion")
    @DisplayName("accept grey images of 28 pixels and others, and return one logit per class")
    void outputShapes(GraphArchitecture architecture) {
        SplittableRandom random = new SplittableRandom(3);
        try (ComputeThreads threads = new ComputeThreads(kernels, 2);
                GraphClassifier network = fresh(architecture, threads)) {
            List<double[]> logits = network.logits(
                    3, _ -> random.doubles(architecture.input().size()).toArray());

            assertThat(logits)
                    .hasSize(3)
                    .allSatisfy(row -> assertThat(row).hasSize(10).doesNotContain(Double.NaN));
            assertThat(logits.get(0)).isNotEqualTo(logits.get(1));
        }
    }

    @Test
    @DisplayName("include a DenseNet that refuses images above 64 pixels in one sentence")
    void denseNetRefusesLargeImages() {
        assertThatThrownBy(() -> GraphArchitecture.denseNet(new ImageShape(3, 65, 64), 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a DenseNet takes images of up to 64x64 pixels, got 3x65x64; choose a resnet, or scale"
                        + " folder:PATH with --resize");
    }

    private GraphClassifier fresh(GraphArchitecture architecture, ComputeThreads threads) {
        return GraphClassifier.fresh(architecture, kernels, threads, new SplittableRandom(1));
    }
}
