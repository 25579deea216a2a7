package dev.reverie.gpu.graph;

import dev.reverie.gpu.dataset.ImageShape;

/** A published network architecture: its layers and the distribution of its initial weights. */
public sealed interface GraphArchitecture permits BatchNormConvNet, DenseNet, MultiLayerPerceptron, ResNet {

    /** Shape of the images. */
    ImageShape input();

    /** Number of outputs. */
    int classes();

    /** Returns the same architecture with another number of outputs. */
    GraphArchitecture withClasses(int other);

    /** Shape to which images are evenly padded with zeros. */
    default ImageShape padded() {
        return input();
    }

    /** The distribution of initial convolution weights. */
    default ConvolutionWeights convolutionWeights() {
        return ConvolutionWeights.UNIFORM_BY_FAN_IN;
    }

    /** Adds the layers between the images and the classifier; returns the last one. */
    GraphDraft.Node features(GraphDraft draft, GraphDraft.Node images);

    /** Distribution of a fresh convolution's weights. */
    enum ConvolutionWeights {
        /** Uniform in plus or minus one over the root of the fan-in: PyTorch's default. */
        UNIFORM_BY_FAN_IN,
        /** Normal, of variance two over the fan-out. */
        NORMAL_BY_FAN_OUT
    }

    /** The minimum image side of networks designed for CIFAR. */
    int CIFAR_SIDE = 32;

    /** Returns {@code shape} with each side at least that of CIFAR. */
    static ImageShape atLeastCifar(ImageShape shape) {
        return new ImageShape(
                shape.channels(), Math.max(CIFAR_SIDE, shape.height()), Math.max(CIFAR_SIDE, shape.width()));
    }
}
