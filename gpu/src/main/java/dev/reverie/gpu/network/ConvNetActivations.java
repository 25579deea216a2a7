package dev.reverie.gpu.network;

import dev.reverie.gpu.network.ConvNet.ConvolutionDerivative;
import dev.reverie.gpu.network.ConvNet.ConvolutionListener;
import dev.reverie.gpu.network.ParameterSet.ParameterDirection;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Kernels.NormDerivative;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.Optional;

/** The activations of a ConvNet, for which there are tangents of the backward pass as well. */
public final class ConvNetActivations extends Activations {

    private final ConvNet network;
    private final List<Tensor> inputs;
    private final List<InstanceNorm> norms;

    /**
     * Stores the input of each block, followed by the output of the last one, and the output of each block's
     * convolution.
     */
    ConvNetActivations(ConvNet network, List<Tensor> inputs, List<InstanceNorm> norms) {
        super(network, inputs.getLast());
        this.network = network;
        this.inputs = List.copyOf(inputs);
        this.norms = List.copyOf(norms);
    }

    ConvNet network() {
        return network;
    }

    Tensor input(int block) {
        return inputs.get(block);
    }

    InstanceNorm norm(int block) {
        return norms.get(block);
    }

    public void show(ConvolutionListener listener, ThreadWorkspace scratch) {
        norms.forEach(norm -> listener.onOutput(norm, scratch));
    }

    /**
     * Runs the backward pass: overwrites {@code gradient} with that of the sum of the samples' cross-entropies, each
     * with the same weight, with respect to the parameters, without those of the classifier if {@code gradient} lacks
     * them. The pass omits the gradient with respect to the images.
     */
    public Cotangents backward(double[][] targets, double weight, ParameterSet gradient, ThreadWorkspace scratch) {
        CrossEntropy crossEntropy = new CrossEntropy(logits(scratch), targets, weight);
        double[][] byLogits = crossEntropy.gradient();
        setBias(gradient, byLogits);
        Tensor dLogits = rows(byLogits, scratch);
        Tensor[] byPooled = new Tensor[norms.size()];
        Tensor[] byConvolved = new Tensor[norms.size()];
        backward(dLogits, gradient, byPooled, byConvolved, scratch);
        return new Cotangents(gradient, List.of(byPooled), List.of(byConvolved), crossEntropy, dLogits);
    }

    @Override
    void backward(Tensor dLogits, ParameterSet gradient, ThreadWorkspace scratch) {
        backward(dLogits, gradient, new Tensor[norms.size()], new Tensor[norms.size()], scratch);
    }

    /** Runs the backward pass, and keeps the derivatives that {@link Cotangents} holds. */
    private void backward(
            Tensor dLogits, ParameterSet gradient, Tensor[] byPooled, Tensor[] byConvolved, ThreadWorkspace scratch) {
        ConvNetArchitecture architecture = network.architecture();
        Kernels kernels = network.kernels();
        int last = architecture.depth() - 1;
        byPooled[last] = backwardClassifier(dLogits, gradient, scratch);
        for (int block = last; block >= 0; block--) {
            byConvolved[block] = network.takeConvolved(scratch, samples(), block);
            kernels.normReluPoolGradient(
                    norm(block), byPooled[block], new NormDerivative(byConvolved[block], gradient.affine(block)));
            if (block == 0) {
                kernels.weightGradient(input(0), byConvolved[0], architecture.padding(0), gradient.convolution(0));
            } else {
                byPooled[block - 1] = network.takePooled(scratch, samples(), block - 1);
                kernels.convolutionGradients(
                        input(block),
                        network.parameters().convolution(block),
                        byConvolved[block],
                        architecture.padding(block),
                        byPooled[block - 1],
                        gradient.convolution(block));
            }
        }
    }

    @Override
    public Tensor imageGradient(Tensor byFeatures, ThreadWorkspace scratch) {
        return imageGradient(byFeatures, ConvolutionDerivative.NONE, scratch);
    }

    /**
     * Turns the sum of two derivatives, with respect to the embedding and to the outputs of the convolutions, into that
     * with respect to the images.
     */
    public Tensor imageGradient(Tensor byFeatures, ConvolutionDerivative byConvolutions, ThreadWorkspace scratch) {
        ConvNetArchitecture architecture = network.architecture();
        Kernels kernels = network.kernels();
        Affine unused = new Affine(scratch.take(architecture.width()), scratch.take(architecture.width()));
        Tensor derivative = byFeatures;
        for (int block = architecture.depth() - 1; block >= 0; block--) {
            Tensor byConvolved = network.takeConvolved(scratch, samples(), block);
            kernels.normReluPoolGradient(norm(block), derivative, new NormDerivative(byConvolved, unused));
            byConvolutions.addTo(block, norm(block), byConvolved, scratch);
            derivative = network.takeInput(scratch, samples(), block);
            int padding = Kernels.KERNEL - 1 - architecture.padding(block);
            kernels.convolve(byConvolved, network.adjoint(block), padding, derivative);
        }
        return derivative;
    }

    /**
     * Computes the tangent of the backward pass (Pearlmutter's R-operator): the change of the image gradient as the
     * parameters move along {@code direction}. The result equals the gradient, with respect to the images, of the inner
     * product of {@code direction} and the parameter gradient that {@link #backward} has computed. The same pass
     * propagates another derivative with respect to the embedding to the images at almost no cost.
     */
    public Tensor imageGradientOf(
            ParameterDirection direction, Cotangents cotangents, Optional<Tensor> byFeatures, ThreadWorkspace scratch) {
        return new TangentPass(this, cotangents, direction, network.blockGradient(scratch), scratch)
                .imageGradient(byFeatures);
    }

    /**
     * Computes the change of the parameter gradient as the parameters move along {@code direction}: the product of the
     * Hessian of the weighted cross-entropy and {@code direction}.
     */
    public ParameterSet hessianTimes(ParameterDirection direction, Cotangents cotangents, ThreadWorkspace scratch) {
        return new TangentPass(this, cotangents, direction, network.gradient(scratch), scratch).parameterGradient();
    }

    /**
     * The stored results of a micro-batch's backward pass. An instance is valid only while the workspace scope in which
     * it was created is open.
     *
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
