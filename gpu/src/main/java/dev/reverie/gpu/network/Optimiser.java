package dev.reverie.gpu.network;

/** A rule by which a gradient changes the parameters of a network, with its settings. */
public sealed interface Optimiser {

    /**
     * Stochastic gradient descent with momentum, in PyTorch's form.
     *
     * @param rate learning rate, positive
     * @param momentum momentum, in [0, 1)
     * @param decay weight decay of every parameter, at least 0
     */
    record Sgd(double rate, double momentum, double decay) implements Optimiser {}

    /**
     * Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019). The averages of the gradient and of its
     * square decay by 0.9 and 0.999 per step.
     *
     * @param rate learning rate, positive
     * @param decay weight decay of convolution and matrix weights, at least 0; biases and the parameters of
     *     normalisations do not decay
     */
    record AdamW(double rate, double decay) implements Optimiser {}
}
