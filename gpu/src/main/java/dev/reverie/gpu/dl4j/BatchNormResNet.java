package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dl4j.GraphDraft.Node;

/**
 * A ResNet of basic blocks with batch normalisation, as used by IDC and DREAM for cross-architecture tests: four stages
 * (with strides 1, 2, 2 and 2), a global mean, and one linear layer. For images of up to 32 pixels (CIFAR, SVHN, and
 * Fashion-MNIST and MNIST padded to 32), the stages have 32, 64, 128 and 256 channels, as published for CIFAR; for
 * larger images, the stages have 64, 128, 256 and 512 channels. The first layer is a 3x3 convolution for images of up
 * to 64 pixels, a 3x3 convolution with max pooling for images of up to 128 pixels, and a 7x7 convolution with stride 2
 * and max pooling for larger images.
 *
 * @param blocks number of blocks per stage: 1 gives ResNet-10, and 2 gives ResNet-18
 */
public record BatchNormResNet(ImageShape input, int classes, int blocks) implements GraphArchitecture {

    private static final int STAGES = 4;
    private static final int SMALL_SIDE = 64;
    private static final int MIDDLE_SIDE = 128;

    @Override
    public BatchNormResNet withClasses(int other) {
        return new BatchNormResNet(input, other, blocks);
    }

    @Override
    public ImageShape padded() {
        return GraphArchitecture.enlargedToCifar(input);
    }

    @Override
    public ConvolutionWeights convolutionWeights() {
        return ConvolutionWeights.NORMAL_BY_FAN_OUT;
    }

    @Override
    public Node features(GraphDraft draft, Node images) {
        int width = side() <= CIFAR_SIDE ? 32 : 64;
        Node last = stem(draft, images, width);
        for (int stage = 0; stage < STAGES; stage++) {
            for (int block = 0; block < blocks; block++) {
                last = block(draft, last, width << stage, stage > 0 && block == 0 ? 2 : 1);
            }
        }
        return draft.mean(last);
    }

    private int side() {
        return Math.max(padded().height(), padded().width());
    }

    private Node stem(GraphDraft draft, Node images, int width) {
        boolean large = side() > MIDDLE_SIDE;
        Node convolved = large ? draft.convolve(images, width, 7, 2) : draft.convolve(images, width, 3, 1);
        Node stem = draft.normaliseAndRectify(convolved);
        return side() <= SMALL_SIDE ? stem : draft.maximumOfThree(stem);
    }

    private static Node block(GraphDraft draft, Node from, int width, int stride) {
        Node inner = draft.normaliseAndRectify(draft.convolve(from, width, 3, stride));
        Node residual = draft.normalise(draft.convolve(inner, width, 3, 1));
        Node shortcut = stride == 1 && from.channels() == width
                ? from
                : draft.normalise(draft.convolve(from, width, 1, stride));
        return draft.rectify(draft.add(residual, shortcut));
    }
}
