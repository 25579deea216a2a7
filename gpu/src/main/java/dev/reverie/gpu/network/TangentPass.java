package dev.reverie.gpu.network;

import dev.reverie.gpu.network.ConvNetActivations.Cotangents;
import dev.reverie.gpu.network.ParameterSet.ParameterDirection;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Kernels.NormDerivative;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Optional;

/**
 * The tangents of the forward and backward passes of one micro-batch: each quantity is replaced by its derivative along
 * a direction in parameter space, with the images fixed (forward-over-reverse, Pearlmutter 1994).
 */
final class TangentPass {

    private final ConvNetActivations at;
    private final Cotangents cotangents;
    private final ParameterDirection direction;
    private final ThreadWorkspace scratch;
    private final ConvNet network;
    private final ConvNetArchitecture architecture;
    private final Kernels kernels;
    private final Tensor[] inputsDot;
    private final NormDerivative[] normsDot;
    private final Tensor[] gradientsDot;
    private final ParameterSet gradientDot;

    /**
     * Prepares the pass, which overwrites {@code gradientDot} with the change of the parameter gradient, or at least
     * with its part for the normalisations.
     */
    TangentPass(
            ConvNetActivations at,
            Cotangents cotangents,
            ParameterDirection direction,
            ParameterSet gradientDot,
            ThreadWorkspace scratch) {
        this.at = at;
        this.cotangents = cotangents;
        this.direction = direction;
        this.scratch = scratch;
        this.network = at.network();
        this.architecture = network.architecture();
        this.kernels = network.kernels();
        this.inputsDot = new Tensor[architecture.depth() + 1];
        this.normsDot = new NormDerivative[architecture.depth()];
        this.gradientsDot = new Tensor[architecture.depth()];
        this.gradientDot = gradientDot;
    }

    /**
     * Computes the change of the image gradient, and adds the image gradient of {@code byFeatures}, another derivative
     * with respect to the embedding.
     */
    Tensor imageGradient(Optional<Tensor> byFeatures) {
        run(byFeatures);
        Tensor result = network.takeInput(scratch, at.samples(), 0);
        inputGradientDot(0, result);
        return result;
    }

    ParameterSet parameterGradient() {
        double[][] logitsDot = run(Optional.empty());
        for (int block = 0; block < architecture.depth(); block++) {
            int padding = architecture.padding(block);
            Tensor weight = gradientDot.convolution(block);
            kernels.weightGradient(at.input(block), gradientsDot[block], padding, weight);
            if (block > 0) {
                Tensor second = scratch.take(
                        architecture.width(), architecture.inputChannels(block), Kernels.KERNEL, Kernels.KERNEL);
                kernels.weightGradient(inputsDot[block], cotangents.convolved(block), padding, second);
                kernels.add(second, weight);
            }
        }
        gradientDot.classifier().ifPresent(linear -> {
            Tensor dLogitsDot = Activations.rows(logitsDot, scratch);
            Tensor features = inputsDot[architecture.depth()].asMatrix();
            kernels.multiply(Factor.transposed(dLogitsDot), Factor.of(at.features()), false, linear.weight());
            kernels.multiply(Factor.transposed(cotangents.logits()), Factor.of(features), true, linear.weight());
            linear.bias().write(0, Activations.columnSums(logitsDot));
        });
        return gradientDot;
    }

    /**
     * Runs both passes down to the first convolution; returns the change of the derivative with respect to the logits.
     */
    private double[][] run(Optional<Tensor> byFeatures) {
        forward();
        double[][] dLogitsDot = turn();
        backward(dLogitsDot, byFeatures);
        return dLogitsDot;
    }

    private void forward() {
        int n = at.samples();
        for (int block = 0; block < architecture.depth(); block++) {
            Tensor zDot = network.takeConvolved(scratch, n, block);
            int padding = architecture.padding(block);
            kernels.convolve(at.input(block), direction.parameters().convolution(block), padding, zDot);
            if (block > 0) {
                try (ThreadWorkspace.Scope temporary = scratch.scope()) {
                    Tensor second = network.takeConvolved(scratch, n, block);
                    kernels.convolve(inputsDot[block], network.parameters().convolution(block), padding, second);
                    kernels.add(second, zDot);
                }
            }
            normsDot[block] = new NormDerivative(zDot, direction.parameters().affine(block));
            inputsDot[block + 1] = network.takePooled(scratch, n, block);
            kernels.normReluPoolTangent(at.norm(block), normsDot[block], inputsDot[block + 1]);
        }
    }

    /** Turns the change of the logits into the change of the derivative with respect to the logits. */
    private double[][] turn() {
        double[][] logitsDot = new double[at.samples()][architecture.classes()];
        Tensor featuresDot = inputsDot[architecture.depth()].asMatrix();
        network.addProduct(featuresDot, network.classifier().weight(), scratch, logitsDot);
        direction.parameters().classifier().ifPresent(dot -> {
            network.addProduct(at.features(), dot.weight(), scratch, logitsDot);
            ConvNet.addBias(dot.bias(), logitsDot);
        });
        return cotangents.crossEntropy().gradientTangent(logitsDot);
    }

    private void backward(double[][] dLogitsDot, Optional<Tensor> byFeatures) {
        int n = at.samples();
        int depth = architecture.depth();
        Tensor pooledDot = network.takePooled(scratch, n, depth - 1);
        Tensor dLogits = Activations.rows(dLogitsDot, scratch);
        Tensor featuresDot = pooledDot.asMatrix();
        kernels.multiply(Factor.of(dLogits), Factor.of(network.classifier().weight()), false, featuresDot);
        direction
                .parameters()
                .classifier()
                .ifPresent(dot ->
                        kernels.multiply(Factor.of(cotangents.logits()), Factor.of(dot.weight()), true, featuresDot));
        byFeatures.ifPresent(more -> kernels.add(more.asMatrix(), featuresDot));
        for (int block = depth - 1; block >= 0; block--) {
            gradientsDot[block] = network.takeConvolved(scratch, n, block);
            kernels.normReluPoolGradientTangent(
                    at.norm(block),
                    normsDot[block],
                    cotangents.pooled(block),
                    pooledDot,
                    new NormDerivative(gradientsDot[block], gradientDot.affine(block)));
            if (block > 0) {
                pooledDot = network.takePooled(scratch, n, block - 1);
                inputGradientDot(block, pooledDot);
            }
        }
    }

    private void inputGradientDot(int block, Tensor result) {
        int padding = Kernels.KERNEL - 1 - architecture.padding(block);
        kernels.convolve(gradientsDot[block], network.adjoint(block), padding, result);
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            Tensor second =
                    scratch.take(result.dimension(0), result.dimension(1), result.dimension(2), result.dimension(3));
            kernels.convolve(cotangents.convolved(block), direction.adjoints().get(block), padding, second);
            kernels.add(second, result);
        }
    }
}
