package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.Optional;

/**
 * The stored results of a micro-batch's forward pass, and the passes that use these results. An instance is valid only
 * while the workspace scope in which it was created is open.
 */
public final class Activations {

    private final BlockPass blocks;
    private final double[][] logits;

    /** Stores the results of a forward pass. */
    Activations(BlockPass blocks, double[][] logits) {
        this.blocks = blocks;
        this.logits = logits;
    }

    /** Logits of each sample. */
    public double[][] logits() {
        return logits;
    }

    /**
     * Computes the sum of the samples' cross-entropies.
     *
     * @param targets one distribution over the classes per sample
     */
    public double loss(double[][] targets) {
        double loss = 0;
        for (int sample = 0; sample < logits.length; sample++) {
            loss += CrossEntropy.loss(logits[sample], targets[sample]);
        }
        return loss;
    }

    /**
     * Runs the backward pass: computes the gradient of the weighted sum of the samples' cross-entropies with respect to
     * the parameters. The pass omits the gradient with respect to the images and, if {@code gradient} has no tensors
     * for the classifier, the gradient with respect to the classifier's parameters.
     *
     * @param targets one distribution over the classes per sample
     * @param weight weight of each sample, for example 1 divided by the size of the whole batch
     * @param gradient overwritten with the result
     */
    public Cotangents backward(double[][] targets, double weight, ParameterSet gradient, ThreadWorkspace scratch) {
        int depth = network().architecture().depth();
        Tensor[] pooled = new Tensor[depth];
        Tensor[] beforeNorm = new Tensor[depth];
        CrossEntropy crossEntropy = new CrossEntropy(logits, targets, weight);
        Tensor dLogits = backward(crossEntropy.gradient(), gradient, pooled, beforeNorm, scratch);
        return new Cotangents(gradient, List.of(pooled), List.of(beforeNorm), crossEntropy, dLogits);
    }

    /**
     * Overwrites {@code gradient} with the gradient of the weighted sum of the samples' losses with respect to the
     * parameters.
     */
    void backward(TrainingTargets trainingTargets, double weight, ParameterSet gradient, ThreadWorkspace scratch) {
        int depth = network().architecture().depth();
        backward(trainingTargets.gradient(logits, weight), gradient, new Tensor[depth], new Tensor[depth], scratch);
    }

    /** Fills {@code pooled} and {@code beforeNorm}, block by block; returns {@code byLogits} as a tensor. */
    private Tensor backward(
            double[][] byLogits, ParameterSet gradient, Tensor[] pooled, Tensor[] beforeNorm, ThreadWorkspace scratch) {
        Tensor dLogits = rows(byLogits, scratch);
        gradient.classifier().ifPresent(linear -> linear.bias().write(0, columnSums(byLogits)));
        blocks.backward(dLogits, gradient, pooled, beforeNorm, scratch);
        return dLogits;
    }

    /**
     * Computes the tangent of the backward pass (Pearlmutter's R-operator): the change of the image gradient as the
     * parameters move along {@code direction}. The result equals the gradient, with respect to the images, of the inner
     * product of {@code direction} and the parameter gradient that {@link #backward} computes.
     *
     * @param cotangents results of the backward pass of the same micro-batch
     * @param byFeatures another derivative with respect to the embedding, {@code [n, width, h, w]}, which the same pass
     *     propagates to the images at almost no cost
     * @return image gradient, {@code [n, channels, height, width]}
     */
    public Tensor imageGradientOf(
            ParameterDirection direction, Cotangents cotangents, Optional<Tensor> byFeatures, ThreadWorkspace scratch) {
        return new TangentPass(this, cotangents, direction, network().blockGradient(scratch), scratch)
                .imageGradient(byFeatures);
    }

    /**
     * Computes the derivative of the weighted sum of the samples' cross-entropies with respect to the embedding.
     *
     * @param targets one distribution over the classes per sample
     * @param weight weight of each sample
     * @return derivative with respect to the embedding, {@code [n, width, h, w]}
     */
    public Tensor lossByFeatures(double[][] targets, double weight, ThreadWorkspace scratch) {
        Tensor byFeatures = takeFeatures(scratch);
        Tensor byLogits = rows(new CrossEntropy(logits, targets, weight).gradient(), scratch);
        ConvNet network = network();
        network.kernels().multiply(byLogits, false, network.classifier().weight(), false, false, byFeatures.asMatrix());
        return byFeatures;
    }

    /** Allocates a derivative with respect to the embedding, {@code [n, width, h, w]}; its content is undefined. */
    public Tensor takeFeatures(ThreadWorkspace scratch) {
        return network()
                .takePooled(scratch, logits.length, network().architecture().depth() - 1);
    }

    /**
     * Turns a derivative with respect to the embedding into the derivative with respect to the images, without
     * computing gradients with respect to the parameters.
     *
     * @param byFeatures derivative with respect to the embedding, {@code [n, width, h, w]}
     * @return derivative with respect to the images, {@code [n, channels, height, width]}
     */
    public Tensor imageGradient(Tensor byFeatures, ThreadWorkspace scratch) {
        return imageGradient(byFeatures, ConvolutionDerivative.NONE, scratch);
    }

    /**
     * Turns the sum of two derivatives into the derivative with respect to the images: one with respect to the
     * embedding, and one with respect to the outputs of the convolutions.
     *
     * @param byFeatures derivative with respect to the embedding, {@code [n, width, h, w]}
     * @return derivative with respect to the images, {@code [n, channels, height, width]}
     */
    public Tensor imageGradient(Tensor byFeatures, ConvolutionDerivative byConvolutions, ThreadWorkspace scratch) {
        ConvNet network = network();
        Architecture architecture = network.architecture();
        Kernels kernels = network.kernels();
        Affine unused = new Affine(scratch.take(architecture.width()), scratch.take(architecture.width()));
        Tensor derivative = byFeatures;
        for (int block = architecture.depth() - 1; block >= 0; block--) {
            Tensor byConvolved = network.takeConvolved(scratch, logits.length, block);
            Affine affine = network.parameters().affine(block);
            kernels.normReluPoolGradient(convolved(block), statistics(block), affine, derivative, byConvolved, unused);
            byConvolutions.addTo(block, convolved(block), statistics(block), byConvolved, scratch);
            derivative = scratch.take(
                    logits.length,
                    architecture.inputChannels(block),
                    architecture.height(block),
                    architecture.width(block));
            int padding = Kernels.KERNEL - 1 - architecture.padding(block);
            kernels.convolve(byConvolved, network.adjoint(block), padding, derivative);
        }
        return derivative;
    }

    /**
     * Computes the change of the parameter gradient as the parameters move along {@code direction}: the product of the
     * Hessian of the weighted cross-entropy and {@code direction}.
     */
    public ParameterSet hessianTimes(ParameterDirection direction, Cotangents cotangents, ThreadWorkspace scratch) {
        return new TangentPass(this, cotangents, direction, network().gradient(scratch), scratch).parameterGradient();
    }

    /** Shows the outputs of the convolutions to {@code observer}. */
    public void show(ConvolutionObserver observer, ThreadWorkspace scratch) {
        for (int block = 0; block < blocks.convolved().size(); block++) {
            observer.observe(convolved(block), statistics(block), scratch);
        }
    }

    ConvNet network() {
        return blocks.network();
    }

    int samples() {
        return logits.length;
    }

    Tensor input(int block) {
        return blocks.inputs().get(block);
    }

    Tensor convolved(int block) {
        return blocks.convolved().get(block);
    }

    Tensor statistics(int block) {
        return blocks.statistics().get(block);
    }

    Affine affine(int block) {
        return network().parameters().affine(block);
    }

    /** The embedding as a matrix {@code [n, features]}. */
    public Tensor features() {
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
}
