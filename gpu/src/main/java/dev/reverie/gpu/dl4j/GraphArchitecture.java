package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dl4j.GraphDraft.Node;
import dev.reverie.gpu.network.ConvNetArchitecture;

/** A published network architecture: its layers and the distribution of its initial weights. */
public sealed interface GraphArchitecture
        permits BatchNormResNet, DenseNet, GraphArchitecture.BatchNormConvNet, GraphArchitecture.MultiLayerPerceptron {

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

    /** The MLP of DC: three linear layers, the first two of which have 128 units and are each followed by a ReLU. */
    public record MultiLayerPerceptron(ImageShape input, int classes) implements GraphArchitecture {

        private static final int UNITS = 128;

        @Override
        public MultiLayerPerceptron withClasses(int other) {
            return new MultiLayerPerceptron(input, other);
        }

        @Override
        public Node features(GraphDraft draft, Node images) {
            return draft.connect(draft.connect(images, UNITS), UNITS);
        }
    }

    /**
     * ConvNet-D with batch normalisation instead of instance normalisation, as in RDED. Its convolutions have no bias,
     * because batch normalisation would cancel it.
     */
    public record BatchNormConvNet(ConvNetArchitecture shape) implements GraphArchitecture {

        @Override
        public ImageShape input() {
            return shape.input();
        }

        @Override
        public int classes() {
            return shape.classes();
        }

        @Override
        public BatchNormConvNet withClasses(int other) {
            return new BatchNormConvNet(shape.withClasses(other));
        }

        @Override
        public Node features(GraphDraft draft, Node images) {
            Node last = images;
            for (int block = 0; block < shape.depth(); block++) {
                Node convolved = draft.convolve(last, shape.width(), 3, 1, shape.padding(block));
                last = draft.averageOfTwo(draft.normaliseAndRectify(convolved));
            }
            return last;
        }
    }
}
