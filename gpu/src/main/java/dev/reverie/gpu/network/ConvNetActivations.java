package dev.reverie.gpu.network;

import dev.reverie.gpu.network.ConvNet.ConvolutionDerivative;
import dev.reverie.gpu.network.ConvNet.ConvolutionListener;
import dev.reverie.gpu.network.ParameterSet.ParameterDirection;
import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.Optional;

/** The activations of a ConvNet, for which there are tangents of the backward pass as well. */
public final class ConvNetActivations extends Activations {

    private final ConvNetPass blocks;

    ConvNetActivations(ConvNetPass blocks, double[][] logits) {
        super(blocks, logits);
        this.blocks = blocks;
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
        CrossEntropy crossEntropy = new CrossEntropy(logits(), targets, weight);
        double[][] byLogits = crossEntropy.gradient();
        setBias(gradient, byLogits);
        Tensor dLogits = rows(byLogits, scratch);
        blocks.backward(dLogits, gradient, pooled, beforeNorm, scratch);
        return new Cotangents(gradient, List.of(pooled), List.of(beforeNorm), crossEntropy, dLogits);
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
     * Turns the sum of two derivatives into the derivative with respect to the images: one with respect to the
     * embedding, and one with respect to the outputs of the convolutions.
     *
     * @param byFeatures derivative with respect to the embedding, {@code [n, width, h, w]}
     * @return derivative with respect to the images, {@code [n, channels, height, width]}
     */
    public Tensor imageGradient(Tensor byFeatures, ConvolutionDerivative byConvolutions, ThreadWorkspace scratch) {
        return blocks.imageGradient(byFeatures, byConvolutions, scratch);
    }

    /**
     * Computes the change of the parameter gradient as the parameters move along {@code direction}: the product of the
     * Hessian of the weighted cross-entropy and {@code direction}.
     */
    public ParameterSet hessianTimes(ParameterDirection direction, Cotangents cotangents, ThreadWorkspace scratch) {
        return new TangentPass(this, cotangents, direction, network().gradient(scratch), scratch).parameterGradient();
    }

    /** Shows the outputs of the convolutions to {@code listener}. */
    public void show(ConvolutionListener listener, ThreadWorkspace scratch) {
        for (int block = 0; block < blocks.convolved().size(); block++) {
            listener.onOutput(convolved(block), statistics(block), scratch);
        }
    }

    ConvNet network() {
        return blocks.network();
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

    /**
     * The stored results of a micro-batch's backward pass. An instance is valid only while the workspace scope in which
     * it was created is open.
     *
     * @param gradient gradient with respect to the parameters
     * @param pooled derivative with respect to each block's output
     * @param convolved derivative with respect to the output of each block's convolution
     * @param crossEntropy the loss whose derivatives these are
     * @param logits derivative with respect to the logits, {@code [n, classes]}
     */
    public record Cotangents(
            ParameterSet gradient,
            List<Tensor> pooled,
            List<Tensor> convolved,
            CrossEntropy crossEntropy,
            Tensor logits) {

        public Cotangents {
            pooled = List.copyOf(pooled);
            convolved = List.copyOf(convolved);
        }

        Tensor pooled(int block) {
            return pooled.get(block);
        }

        Tensor convolved(int block) {
            return convolved.get(block);
        }
    }
}
