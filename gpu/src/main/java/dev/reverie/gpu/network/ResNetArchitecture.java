package dev.reverie.gpu.network;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.tensor.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * ResNetAP-10, as IDC learns with it: a 3x3 convolution and four residual blocks, a global mean, and one linear layer.
 * The later three blocks halve the image by 2x2 average pooling instead of strides, and double the number of channels.
 * All normalisations are instance normalisations.
 *
 * <p>A block is {@code relu(norm(conv(pool(relu(norm(conv x))))) + shortcut)}. The shortcut is x itself in the first
 * block, and {@code norm(conv1x1(pool(x)))} in the others. IDC pools after the 1x1 convolution; both are linear and
 * give the same result.
 *
 * @param input shape of the images, at least 16x16 pixels after the first convolution, because the normalisation of a
 *     single pixel would be constant
 * @param classes number of outputs, at least 1
 * @param width channels of the first block, at least 1; published for CIFAR: 32
 */
public record ResNetArchitecture(ImageShape input, int classes, int width) implements Architecture {

    private static final int BLOCKS = 4;

    /** Least side after the first convolution: all blocks but the first halve it, and two pixels must remain. */
    private static final int LEAST_SIDE = 2 << (BLOCKS - 1);

    private static final int CONVOLUTIONS_OF_FIRST_BLOCK = 2;
    private static final int CONVOLUTIONS_OF_OTHERS = 3;

    public ResNetArchitecture {
        if (classes < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "a ResNet needs at least one class and channel, got classes " + classes + ", width " + width);
        }
        if (Math.min(input.height(), input.width()) + 2 * Architecture.firstPadding(input) - 2 < LEAST_SIDE) {
            throw new IllegalArgumentException("images of " + input + " are too small for a ResNet, which halves them"
                    + " three times and needs two pixels then: use a ConvNet, or scale folder:PATH with --resize");
        }
    }

    /**
     * A residual block.
     *
     * @param first index of its first convolution; its second one and that of its shortcut, if any, follow
     * @param halves whether the block halves the image, and therefore has a convolution in its shortcut
     */
    record Block(int in, int out, int first, boolean halves, int height, int width) {

        int second() {
            return first + 1;
        }

        int shortcut() {
            return first + 2;
        }

        int outputHeight() {
            return halves ? height / 2 : height;
        }

        int outputWidth() {
            return halves ? width / 2 : width;
        }
    }

    Block block(int index) {
        int out = width << index;
        int inputHeight = stemHeight() >> Math.max(0, index - 1);
        int inputWidth = stemWidth() >> Math.max(0, index - 1);
        return index == 0
                ? new Block(width, width, 1, false, inputHeight, inputWidth)
                : new Block(
                        out / 2,
                        out,
                        1 + CONVOLUTIONS_OF_FIRST_BLOCK + CONVOLUTIONS_OF_OTHERS * (index - 1),
                        true,
                        inputHeight,
                        inputWidth);
    }

    List<Block> blocks() {
        return IntStream.range(0, BLOCKS).mapToObj(this::block).toList();
    }

    /** Zero padding of the first convolution. */
    int stemPadding() {
        return Architecture.firstPadding(input);
    }

    /** Height of the output of the first convolution. */
    int stemHeight() {
        return input.height() + 2 * stemPadding() - 2;
    }

    /** Width of the output of the first convolution. */
    int stemWidth() {
        return input.width() + 2 * stemPadding() - 2;
    }

    @Override
    public int depth() {
        return BLOCKS;
    }

    @Override
    public int features() {
        return width << (BLOCKS - 1);
    }

    /** The first convolution, then those of each block: the first, the second and, if any, that of the shortcut. */
    @Override
    public List<Convolution> convolutions() {
        List<Convolution> all = new ArrayList<>();
        all.add(new Convolution(input.channels(), width, Kernels.KERNEL));
        for (Block block : blocks()) {
            all.add(new Convolution(block.in(), block.out(), Kernels.KERNEL));
            all.add(new Convolution(block.out(), block.out(), Kernels.KERNEL));
            if (block.halves()) {
                all.add(new Convolution(block.in(), block.out(), 1));
            }
        }
        return all;
    }

    @Override
    public ResNetArchitecture withClasses(int classes) {
        return new ResNetArchitecture(input, classes, width);
    }
}
