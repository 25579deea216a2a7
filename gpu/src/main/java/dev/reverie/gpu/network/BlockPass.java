package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;

/**
 * The stored results of the forward pass of a micro-batch through the blocks of a network, without the classifier. An
 * instance is valid only while the workspace scope in which it was created is open.
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
