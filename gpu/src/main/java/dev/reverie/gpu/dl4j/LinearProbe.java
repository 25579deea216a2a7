package dev.reverie.gpu.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A linear classifier of features that stay as they are (multinomial logistic regression), trained on all samples in
 * each step. Each feature is scaled to mean 0 and deviation 1 over the training samples.
 */
public final class LinearProbe {

    private static final int STEPS = 500;
    private static final double RATE = 0.01;

    /** Weight of the squared weights, as few samples have many features. */
    private static final double DECAY = 1e-3;

    private static final double LEAST_DEVIATION = 1e-6;

    private final MultiLayerNetwork network;
    private final double[] mean;
    private final double[] deviation;

    private LinearProbe(MultiLayerNetwork network, double[] mean, double[] deviation) {
        this.network = network;
        this.mean = mean;
        this.deviation = deviation;
    }

    /**
     * Trains a probe.
     *
     * @param features one row for each sample, at least one
     * @param labels class of each sample, from 0 to {@code classes - 1}
     */
    public static LinearProbe train(double[][] features, List<Integer> labels, int classes) {
        int length = features[0].length;
        double[] mean = new double[length];
        double[] deviation = new double[length];
        for (int column = 0; column < length; column++) {
            int at = column;
            mean[column] = Arrays.stream(features)
                    .mapToDouble(row -> row[at])
                    .average()
                    .orElseThrow();
            double variance = Arrays.stream(features)
                    .mapToDouble(row -> (row[at] - mean[at]) * (row[at] - mean[at]))
                    .average()
                    .orElseThrow();
            deviation[column] = Math.max(LEAST_DEVIATION, Math.sqrt(variance));
        }
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .seed(0)
                .updater(new Adam(RATE))
                .l2(DECAY)
                .list()
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(length)
                        .nOut(classes)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        LinearProbe probe = new LinearProbe(network, mean, deviation);
        INDArray inputs = probe.scaled(features);
        INDArray targets = Nd4j.zeros(DataType.FLOAT, features.length, classes);
        IntStream.range(0, features.length).forEach(i -> targets.putScalar(i, labels.get(i), 1));
        for (int step = 0; step < STEPS; step++) {
            network.fit(inputs, targets);
        }
        return probe;
    }

    private INDArray scaled(double[][] features) {
        float[][] rows = new float[features.length][mean.length];
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < mean.length; column++) {
                rows[row][column] = (float) ((features[row][column] - mean[column]) / deviation[column]);
            }
        }
        return Nd4j.createFromArray(rows);
    }

    /** Returns the share of the samples, at least one, that are classified correctly, in [0, 1]. */
    public double accuracy(double[][] features, List<Integer> labels) {
        int[] predicted = network.output(scaled(features)).argMax(1).toIntVector();
        return IntStream.range(0, predicted.length)
                .map(i -> predicted[i] == labels.get(i) ? 1 : 0)
                .average()
                .orElseThrow();
    }
}
