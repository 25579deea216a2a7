package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;

/**
 * The stored results of a micro-batch's forward pass, and the passes that use these results. An instance is valid only
 * while the workspace scope in which it was created is open.
 */
public abstract sealed class Activations permits ConvNetActivations, ResNetActivations {

    private final Network network;
    private final Tensor features;

    /** Stores the embedding, {@code [n, channels, h, w]}. */
    Activations(Network network, Tensor features) {
        this.network = network;
        this.features = features.asMatrix();
    }

    final int samples() {
        return features.dimension(0);
    }

    /** The embedding as a matrix {@code [n, features]}. */
    public final Tensor features() {
        return features;
    }

    public final double[][] logits(ThreadWorkspace scratch) {
        return network.classify(features, scratch);
    }

    /**
     * Overwrites {@code gradient} with that of the parameters, from the derivatives with respect to the logits, one row
     * per sample.
     */
    final void backward(double[][] byLogits, ParameterSet gradient, ThreadWorkspace scratch) {
        setBias(gradient, byLogits);
        backward(rows(byLogits, scratch), gradient, scratch);
    }

    /** Overwrites the gradient with respect to the classifier's bias, if {@code gradient} has one. */
    static void setBias(ParameterSet gradient, double[][] byLogits) {
        gradient.classifier().ifPresent(linear -> linear.bias().write(0, columnSums(byLogits)));
    }

    /**
     * Overwrites {@code gradient}, which may lack the classifier, except for the bias of the classifier, from the
     * derivative with respect to the logits, {@code [n, classes]}.
     */
    abstract void backward(Tensor dLogits, ParameterSet gradient, ThreadWorkspace scratch);

    /**
     * Computes the gradient with respect to the classifier's weight if {@code gradient} has one, and returns the
     * derivative with respect to the embedding.
     */
    final Tensor backwardClassifier(Tensor dLogits, ParameterSet gradient, ThreadWorkspace scratch) {
        gradient.classifier().ifPresent(linear -> network.kernels()
                .multiply(Factor.transposed(dLogits), Factor.of(features), false, linear.weight()));
        return byFeatures(dLogits, scratch);
    }

    private Tensor byFeatures(Tensor dLogits, ThreadWorkspace scratch) {
        Tensor byFeatures = takeFeatures(scratch);
        Tensor weight = network.classifier().weight();
        network.kernels().multiply(Factor.of(dLogits), Factor.of(weight), false, byFeatures.asMatrix());
        return byFeatures;
    }

    /**
     * Computes the derivative of the sum of the samples' cross-entropies, each with the same weight, with respect to
     * the embedding, {@code [n, channels, h, w]}.
     */
    public final Tensor lossByFeatures(double[][] targets, double weight, ThreadWorkspace scratch) {
        return byFeatures(rows(new CrossEntropy(logits(scratch), targets, weight).gradient(), scratch), scratch);
    }

    /** Allocates a derivative with respect to the embedding, {@code [n, channels, h, w]}; its content is undefined. */
    public final Tensor takeFeatures(ThreadWorkspace scratch) {
        return network.takeFeatures(scratch, samples());
    }

    /**
     * Turns a derivative with respect to the embedding, {@code [n, channels, h, w]}, into that with respect to the
     * images, without gradients with respect to the parameters.
     */
    public abstract Tensor imageGradient(Tensor byFeatures, ThreadWorkspace scratch);

    static Tensor rows(double[][] rows, ThreadWorkspace scratch) {
        Tensor matrix = scratch.take(rows.length, rows[0].length);
        matrix.setRows(rows);
        return matrix;
    }

    static double[] columnSums(double[][] rows) {
        double[] sums = new double[rows[0].length];
        for (double[] row : rows) {
            for (int column = 0; column < row.length; column++) {
                sums[column] += row[column];
            }
        }
        return sums;
    }
}
