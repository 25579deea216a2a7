package dev.reverie.gpu.matching;

import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Draws weights near those of a network (Acc-DD, CVPR 2023): theta + u d + u' d', where u and u' lie between 1 % and 9
 * % and have random signs. The directions d and d' are normally distributed, and each of their tensors is scaled to the
 * norm of the weight tensor to which it is added. The scales and shifts of the normalisations and the classifier's bias
 * stay unchanged.
 */
final class WeightPerturbation {

    private static final int DIRECTIONS = 2;
    private static final double LEAST = 0.01;
    private static final double MOST = 0.09;

    private final RandomGenerator random;

    WeightPerturbation(RandomGenerator random) {
        this.random = random;
    }

    /** Overwrites a network with the perturbed weights of another one of the same architecture. */
    void apply(Network from, Network to) {
        double[] shares = random.doubles(DIRECTIONS, LEAST, MOST)
                .map(share -> random.nextBoolean() ? share : -share)
                .toArray();
        List<Tensor> sources = from.parameters().tensors();
        List<Tensor> targets = to.parameters().tensors();
        for (int i = 0; i < sources.size(); i++) {
            float[] values = sources.get(i).toFloats();
            targets.get(i).setFloats(from.parameters().isWeight(i) ? moved(values, shares) : values);
        }
        to.parametersChanged();
    }

    private float[] moved(float[] values, double[] shares) {
        double[] sum =
                IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
        double length = length(sum);
        for (double share : shares) {
            double[] direction = IntStream.range(0, values.length)
                    .mapToDouble(i -> random.nextGaussian())
                    .toArray();
            double factor = share * length / length(direction);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += factor * direction[i];
            }
        }
        float[] moved = new float[values.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) sum[i];
        }
        return moved;
    }

    private static double length(double[] values) {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }
}
