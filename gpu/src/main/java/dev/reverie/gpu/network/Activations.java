package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;

/**
 * The stored results of a micro-batch's forward pass, and the passes that use these results. An instance is valid only
 * while the workspace scope in which it was created is open.
 */
public sealed class Activations permits ConvNetActivations {

    private final BlockPass blocks;
    private final double[][] logits;

    /** Stores the results of a forward pass. */
    Activations(BlockPass blocks, double[][] logits) {
        this.blocks = blocks;
        this.logits = logits;
    }

    /** Logits of each sample. */
    public final double[][] logits() {
        return logits;
    }

    /**
     * Computes the sum of the samples' cross-entropies.
     *
     * @param targets one distribution over the classes per sample
     */
    public final double loss(double[][] targets) {
        double loss = 0;
        for (int sample = 0; sample < logits.length; sample++) {
            loss += CrossEntropy.loss(logits[sample], targets[sample]);
        }
        return loss;
    }

    /**
     * Overwrites {@code gradient} with the gradient of the weighted sum of the samples' losses with respect to the
     * parameters.
     *
     * @param weight weight of each sample, for example 1 divided by the size of the whole batch
     */
    final void backward(
            TrainingTargets trainingTargets, double weight, ParameterSet gradient, ThreadWorkspace scratch) {
        double[][] byLogits = trainingTargets.gradient(logits, weight);
        setBias(gradient, byLogits);
        blocks.backward(rows(byLogits, scratch), gradient, scratch);
    }

    /** Overwrites the gradient with respect to the classifier's bias, if {@code gradient} has one. */
    static void setBias(ParameterSet gradient, double[][] byLogits) {
        gradient.classifier().ifPresent(linear -> linear.bias().write(0, columnSums(byLogits)));
    }

    /**
     * Computes the derivative of the weighted sum of the samples' cross-entropies with respect to the embedding.
     *
     * @param targets one distribution over the classes per sample
     * @param weight weight of each sample
     * @return derivative with respect to the embedding, {@code [n, channels, h, w]}
     */
    public final Tensor lossByFeatures(double[][] targets, double weight, ThreadWorkspace scratch) {
        return blocks.byFeatures(rows(new CrossEntropy(logits, targets, weight).gradient(), scratch), scratch);
    }

    /** Allocates a derivative with respect to the embedding, {@code [n, channels, h, w]}; its content is undefined. */
    public final Tensor takeFeatures(ThreadWorkspace scratch) {
        return blocks.network().takeFeatures(scratch, logits.length);
    }

    /**
     * Turns a derivative with respect to the embedding into the derivative with respect to the images, without
     * computing gradients with respect to the parameters.
     *
     * @param byFeatures derivative with respect to the embedding, {@code [n, channels, h, w]}
     * @return derivative with respect to the images, {@code [n, channels, height, width]}
     */
    public final Tensor imageGradient(Tensor byFeatures, ThreadWorkspace scratch) {
        return blocks.imageGradient(byFeatures, scratch);
    }

    final int samples() {
        return logits.length;
    }

    /** The embedding as a matrix {@code [n, features]}. */
    public final Tensor features() {
        return blocks.features();
    }

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

    /**
     * The stored results of the forward pass of a micro-batch through the blocks of a network, without the classifier.
     * An instance is valid only while the workspace scope in which it was created is open.
     */
    sealed interface BlockPass permits ConvNetPass, ResNetPass {

        Network network();

        int samples();

        /** The embedding as a matrix {@code [n, features]}. */
        Tensor features();

        /**
         * Runs the backward pass, and overwrites {@code gradient} except for the bias of the classifier.
         *
         * @param dLogits derivative with respect to the logits, {@code [n, classes]}
         * @param gradient may lack the classifier
         */
        void backward(Tensor dLogits, ParameterSet gradient, ThreadWorkspace scratch);

        /**
         * Turns a derivative with respect to the embedding into the derivative with respect to the images, without
         * computing gradients with respect to the parameters.
         *
         * @param byFeatures derivative with respect to the embedding, with the shape of {@link Network#takeFeatures}
         * @return derivative with respect to the images, {@code [n, channels, height, width]}
         */
        Tensor imageGradient(Tensor byFeatures, ThreadWorkspace scratch);

        /**
         * Computes the gradient with respect to the classifier's weight if {@code gradient} has one, and returns the
         * derivative with respect to the embedding.
         */
        default Tensor backwardClassifier(Tensor dLogits, ParameterSet gradient, ThreadWorkspace scratch) {
            gradient.classifier()
                    .ifPresent(linear ->
                            network().kernels().multiply(dLogits, true, features(), false, false, linear.weight()));
            return byFeatures(dLogits, scratch);
        }

        /** The derivative with respect to the embedding. */
        default Tensor byFeatures(Tensor dLogits, ThreadWorkspace scratch) {
            Tensor byFeatures = network().takeFeatures(scratch, samples());
            Tensor weight = network().classifier().weight();
            network().kernels().multiply(dLogits, false, weight, false, false, byFeatures.asMatrix());
            return byFeatures;
        }
    }
}
