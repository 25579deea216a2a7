package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dl4j.GraphDraft.Node;
import dev.reverie.gpu.network.ConvNetArchitecture;
import java.util.List;

/**
 * A published network architecture.
 *
 * @param padded shape to which images are padded with zeros, equally on opposite sides
 * @param features the layers between the images and the classifier
 */
public record GraphArchitecture(
        ImageShape input, ImageShape padded, int classes, ConvolutionWeights convolutionWeights, Features features) {

    /** Least side of the images of networks that were designed for CIFAR. */
    private static final int CIFAR_SIDE = 32;

    enum ConvolutionWeights {
        /** Uniform in [-1 / sqrt(fan-in), 1 / sqrt(fan-in)], the default of PyTorch. */
        UNIFORM_BY_FAN_IN,
        /** Normal, with variance two over the fan-out. */
        NORMAL_BY_FAN_OUT
    }

    /** Adds layers after the images, and returns the last one. */
    @FunctionalInterface
    public interface Features {
        Node after(Node images, GraphDraft draft);
    }

    /** The MLP of DC: three linear layers, the first two of which have 128 units and are each followed by a ReLU. */
    public static GraphArchitecture multiLayerPerceptron(ImageShape input, int classes) {
        return new GraphArchitecture(
                input,
                input,
                classes,
                ConvolutionWeights.UNIFORM_BY_FAN_IN,
                (images, draft) -> draft.connect(draft.connect(images, 128), 128));
    }

    /**
     * ConvNet-D with batch normalisation instead of instance normalisation, as in RDED. Its convolutions have no bias,
     * because batch normalisation would cancel it.
     */
    public static GraphArchitecture batchNormConvNet(ConvNetArchitecture shape) {
        return new GraphArchitecture(
                shape.input(),
                shape.input(),
                shape.classes(),
                ConvolutionWeights.UNIFORM_BY_FAN_IN,
                (images, draft) -> {
                    Node last = images;
                    for (int block = 0; block < shape.depth(); block++) {
                        Node convolved = draft.convolve(last, shape.width(), 3, 1, shape.padding(block));
                        last = draft.averageOfTwo(draft.normaliseAndRectify(convolved));
                    }
                    return last;
                });
    }

    /**
     * A ResNet of basic blocks with batch normalisation, as used by IDC and DREAM for cross-architecture tests: four
     * stages (with strides 1, 2, 2 and 2), a global mean, and one linear layer. For images of up to 32 pixels (CIFAR,
     * SVHN, and Fashion-MNIST and MNIST padded to 32), the stages have 32, 64, 128 and 256 channels, as published for
     * CIFAR; for larger images, the stages have 64, 128, 256 and 512 channels. The first layer is a 3x3 convolution for
     * images of up to 64 pixels, a 3x3 convolution with max pooling for images of up to 128 pixels, and a 7x7
     * convolution with stride 2 and max pooling for larger images.
     *
     * @param blocks number of blocks per stage: 1 gives ResNet-10, and 2 gives ResNet-18
     */
    public static GraphArchitecture resNet(ImageShape input, int classes, int blocks) {
        ImageShape padded = enlargedToCifar(input);
        int side = Math.max(padded.height(), padded.width());
        int width = side <= CIFAR_SIDE ? 32 : 64;
        return new GraphArchitecture(input, padded, classes, ConvolutionWeights.NORMAL_BY_FAN_OUT, (images, draft) -> {
            Node last = stem(images, draft, width, side);
            for (int stage = 0; stage < 4; stage++) {
                for (int block = 0; block < blocks; block++) {
                    last = residualBlock(last, draft, width << stage, stage > 0 && block == 0 ? 2 : 1);
                }
            }
            return draft.mean(last);
        });
    }

    private static Node stem(Node images, GraphDraft draft, int width, int side) {
        Node convolved = side > 128 ? draft.convolve(images, width, 7, 2) : draft.convolve(images, width, 3, 1);
        Node stem = draft.normaliseAndRectify(convolved);
        return side <= 64 ? stem : draft.maximumOfThree(stem);
    }

    private static Node residualBlock(Node from, GraphDraft draft, int width, int stride) {
        Node inner = draft.normaliseAndRectify(draft.convolve(from, width, 3, stride));
        Node residual = draft.normalise(draft.convolve(inner, width, 3, 1));
        Node shortcut = stride == 1 && from.channels() == width
                ? from
                : draft.normalise(draft.convolve(from, width, 1, stride));
        return draft.rectify(draft.add(residual, shortcut));
    }

    /**
     * The DenseNet that IDC and DREAM call DenseNet-121. It has the layout of DenseNet-121 but the growth rate of the
     * small CIFAR networks (12), and therefore 1.00 M parameters rather than 7 M. Images smaller than 32 pixels are
     * padded with zeros.
     *
     * @throws IllegalArgumentException if the images are larger than 64 pixels, because the network does not reduce
     *     them before the first block
     */
    public static GraphArchitecture denseNet(ImageShape input, int classes) {
        if (Math.max(input.height(), input.width()) > 64) {
            throw new IllegalArgumentException("a DenseNet takes images of up to 64x64 pixels, got " + input
                    + "; choose a resnet, or scale folder:PATH with --resize");
        }
        return new GraphArchitecture(
                input,
                enlargedToCifar(input),
                classes,
                ConvolutionWeights.UNIFORM_BY_FAN_IN,
                (images, draft) -> denseBlocks(images, draft, 12, List.of(6, 12, 24, 16)));
    }

    private static Node denseBlocks(Node images, GraphDraft draft, int growth, List<Integer> layers) {
        Node last = draft.convolve(images, 2 * growth, 3, 1);
        for (int block = 0; block < layers.size(); block++) {
            if (block > 0) {
                Node normalised = draft.normaliseAndRectify(last);
                last = draft.averageOfTwo(draft.convolve(normalised, last.channels() / 2, 1, 1));
            }
            for (int layer = 0; layer < layers.get(block); layer++) {
                Node narrow = draft.convolve(draft.normaliseAndRectify(last), 4 * growth, 1, 1);
                last = draft.concatenate(draft.convolve(draft.normaliseAndRectify(narrow), growth, 3, 1), last);
            }
        }
        return draft.mean(draft.normaliseAndRectify(last));
    }

    private static ImageShape enlargedToCifar(ImageShape shape) {
        return new ImageShape(
                shape.channels(), Math.max(CIFAR_SIDE, shape.height()), Math.max(CIFAR_SIDE, shape.width()));
    }

    /** Returns the same architecture with another number of outputs. */
    GraphArchitecture withClasses(int other) {
        return new GraphArchitecture(input, padded, other, convolutionWeights, features);
    }
}
