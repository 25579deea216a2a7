package dev.reverie.gpu.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Optimiser.AdamMoments;
import dev.reverie.gpu.tensor.Optimiser.AdamW;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("AdamW")
class AdamMomentsTest {

    private static final AdamW SETTINGS = new AdamW(0.01, 0.1);
    private static final double[][] GRADIENTS = {{0.1, -2, 3, 0.7}, {0.2, 1, -4, -0.1}, {-0.3, 0.5, 0, 0.2}};

    /** The parameters that torch.optim.AdamW of PyTorch has after the three gradients, without decay for the last. */
    private static final double[] OF_PYTORCH = {
        0.4795453127947439, -0.983748393417247, 1.98745499808105, 0.9785290494468617
    };

    private final Kernels kernels = Device.referenceKernels(Precision.DOUBLE);

    @Test
    @DisplayName("steps like PyTorch's, and decays only the parameters that it is told to decay")
    void agreesWithPyTorch() {
        AdamMoments moments = new AdamMoments();

        assertThat(afterGradients(moments)).containsExactly(OF_PYTORCH, within(1e-12));
    }

    @Test
    @DisplayName("steps as at the beginning after a reset")
    void reset() {
        AdamMoments moments = new AdamMoments();
        double[] first = afterGradients(moments);

        moments.reset();

        assertThat(afterGradients(moments)).containsExactly(first);
    }

    private double[] afterGradients(AdamMoments moments) {
        try (Tensor parameters = kernels.allocate(4);
                Tensor gradient = kernels.allocate(4)) {
            parameters.write(0, new double[] {0.5, -1, 2, 1});
            for (double[] slopes : GRADIENTS) {
                gradient.write(0, slopes);
                moments.step(parameters, gradient, SETTINGS, index -> index < 3);
            }
            return parameters.toDoubles();
        }
    }

    @Test
    @DisplayName("decays the weights of a ConvNet, but neither its biases nor its scales and shifts")
    void decaysWeights() {
        // given images that all look alike in both classes, so that only decay can change scales and weights much
        ConvNetArchitecture architecture = new ConvNetArchitecture(new ImageShape(1, 8, 8), 2, 4, 1);
        SplittableRandom random = new SplittableRandom(3);
        List<double[]> images = Stream.generate(() -> new double[64]).limit(4).toList();
        try (ComputeThreads threads = new ComputeThreads(kernels, 1);
                ConvNet network = ConvNet.fresh(architecture, kernels, random)) {
            List<double[]> before = values(network);

            new BatchTrainer(threads)
                    .step(
                            network,
                            images::get,
                            TrainingTargets.of(Collections.nCopies(4, new double[] {0.5, 0.5})),
                            new AdamW(1e-9, 1e8));

            // then the first and the fourth tensor, the weights, have shrunk by a tenth
            List<double[]> after = values(network);
            for (int i = 0; i < before.size(); i++) {
                double share = i == 0 || i == 3 ? 0.9 : 1;
                for (int at = 0; at < before.get(i).length; at++) {
                    assertThat(after.get(i)[at]).isCloseTo(share * before.get(i)[at], within(1e-8));
                }
            }
        }
    }

    private static List<double[]> values(ConvNet network) {
        return network.parameters().tensors().stream().map(Tensor::toDoubles).toList();
    }
}
