package dev.reverie.gpu.network;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.tensor.Kernels;
import java.util.List;
import java.util.stream.IntStream;

/**
 * ConvNet-D: {@code depth} blocks, each with a 3x3 convolution, instance normalisation, ReLU and 2x2 average pooling,
 * followed by one linear layer. For images with one channel, the first convolution has a padding of 3 instead of 1, so
 * that 28 pixels become 32.
 *
 * <p>The convolutions have no bias, because instance normalisation would cancel it by subtracting the mean of each
 * plane.
 *
 * @param classes number of outputs, at least 1
 * @param width channels per block, at least 1
 * @param depth number of blocks, at least 1
 */
public record ConvNetArchitecture(ImageShape input, int classes, int width, int depth) implements Architecture {

    public ConvNetArchitecture {
        if (classes < 1 || width < 1 || depth < 1) {
            throw new IllegalArgumentException("a ConvNet needs at least one class, channel and block, got classes "
                    + classes + ", width " + width + ", depth " + depth);
        }
        if (extent(input.height(), input, depth) < 1 || extent(input.width(), input, depth) < 1) {
            throw new IllegalArgumentException("images of " + input + " are too small for " + depth
                    + " blocks, each of which halves them: use fewer blocks, or scale folder:PATH with --resize");
        }
    }

    /** Returns the length, after {@code blocks} blocks, of an image side of {@code pixels} pixels. */
    private static int extent(int pixels, ImageShape input, int blocks) {
        int extent = pixels;
        for (int block = 0; block < blocks; block++) {
            extent = (extent + 2 * padding(input, block) - 2) / 2;
        }
        return extent;
    }

    private static int padding(ImageShape input, int block) {
        return block == 0 ? Architecture.firstPadding(input) : 1;
    }

    /** Zero padding of the convolution of {@code block}. */
    public int padding(int block) {
        return padding(input, block);
    }

    public int inputChannels(int block) {
        return block == 0 ? input.channels() : width;
    }

    /** Height of the input of {@code block}; for {@code block == depth}, the height of the last block's output. */
    public int inputHeight(int block) {
        return extent(input.height(), input, block);
    }

    /** Width of the input of {@code block}; for {@code block == depth}, the width of the last block's output. */
    public int inputWidth(int block) {
        return extent(input.width(), input, block);
    }

    public int convolvedHeight(int block) {
        return inputHeight(block) + 2 * padding(block) - 2;
    }

    public int convolvedWidth(int block) {
        return inputWidth(block) + 2 * padding(block) - 2;
    }

    @Override
    public int features() {
        return width * inputHeight(depth) * inputWidth(depth);
    }

    @Override
    public List<Convolution> convolutions() {
        return IntStream.range(0, depth)
                .mapToObj(block -> new Convolution(inputChannels(block), width, Kernels.KERNEL))
                .toList();
    }

    @Override
    public ConvNetArchitecture withClasses(int classes) {
        return new ConvNetArchitecture(input, classes, width, depth);
    }
}
