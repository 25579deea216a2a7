package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.dataset.ImageShape;

/** A published network architecture: its layers and the distribution of its initial weights. */
public sealed interface GraphArchitecture permits BatchNormConvNet, BatchNormResNet, DenseNet, MultiLayerPerceptron {

    /** Shape of the images. */
    ImageShape input();

    /** Number of outputs. */
    int classes();

    /** Returns the same architecture with another number of outputs. */
    GraphArchitecture withClasses(int other);

    /** Shape to which images are padded with zeros, equally on opposite sides. */
    default ImageShape padded() {
        return input();
    }

    /** The distribution of the initial convolution weights. */
    default ConvolutionWeights convolutionWeights() {
        return ConvolutionWeights.UNIFORM_BY_FAN_IN;
    }

    /** Adds the layers between the images and the classifier, and returns the last layer. */
    GraphDraft.Node features(GraphDraft draft, GraphDraft.Node images);

    /** Distributions of the initial weights of a convolution. */
    enum ConvolutionWeights {
        /** Uniform in [-1 / sqrt(fan-in), 1 / sqrt(fan-in)], the default of PyTorch. */
        UNIFORM_BY_FAN_IN,
        /** Normal, with variance two over the fan-out. */
        NORMAL_BY_FAN_OUT
    }

    /** The minimum image side of networks designed for CIFAR. */
    int CIFAR_SIDE = 32;

    /** Returns {@code shape} with each side enlarged to at least {@link #CIFAR_SIDE}. */
    static ImageShape enlargedToCifar(ImageShape shape) {
        return new ImageShape(
                shape.channels(), Math.max(CIFAR_SIDE, shape.height()), Math.max(CIFAR_SIDE, shape.width()));
    }
}
