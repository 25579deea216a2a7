package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.dl4j.GraphArchitecture.ConvolutionWeights;
import dev.reverie.gpu.tensor.nd4j.Nd4jTensor;
import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Draws the initial parameters of a layer. Weights and biases are uniform in [-1 / sqrt(fan-in), 1 / sqrt(fan-in)], as
 * in PyTorch, except convolution weights of another {@linkplain ConvolutionWeights distribution}; the scales and shifts
 * of normalisations remain one and zero.
 */
final class InitialWeights {

    private static final int RANK_OF_CONVOLUTIONS = 4;

    private InitialWeights() {}

    static void draw(Map<String, INDArray> parameters, ConvolutionWeights convolutions, RandomGenerator random) {
        if (!parameters.containsKey(DefaultParamInitializer.WEIGHT_KEY)) {
            return;
        }
        INDArray weight = parameters.get(DefaultParamInitializer.WEIGHT_KEY);
        boolean convolution = weight.rank() == RANK_OF_CONVOLUTIONS;
        double taps = convolution ? (double) (weight.size(2) * weight.size(3)) : 1;
        double bound = 1 / Math.sqrt(taps * (convolution ? weight.size(1) : weight.size(0)));
        double deviation = Math.sqrt(2.0 / (taps * weight.size(0)));
        fill(
                weight,
                convolution && convolutions == ConvolutionWeights.NORMAL_BY_FAN_OUT
                        ? () -> random.nextGaussian(0, deviation)
                        : () -> random.nextDouble(-bound, bound));
        if (parameters.containsKey(DefaultParamInitializer.BIAS_KEY)) {
            fill(parameters.get(DefaultParamInitializer.BIAS_KEY), () -> random.nextDouble(-bound, bound));
        }
    }

    private static void fill(INDArray array, DoubleSupplier next) {
        double[] values = new double[Math.toIntExact(array.length())];
        Arrays.setAll(values, _ -> next.getAsDouble());
        Nd4jTensor.over(array).write(0, values);
    }
}
