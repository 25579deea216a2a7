package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dl4j.GraphDraft.Node;
import java.util.List;

/**
 * The DenseNet that IDC and DREAM call DenseNet-121. It has the layout of DenseNet-121 but the growth rate of the small
 * CIFAR networks (12), and therefore 1.00 M parameters rather than 7 M. Images smaller than 32 pixels are padded with
 * zeros. Images larger than 64 pixels are refused, because the network does not reduce them before the first block.
 */
public record DenseNet(ImageShape input, int classes) implements GraphArchitecture {

    private static final List<Integer> LAYOUT = List.of(6, 12, 24, 16);
    private static final int GROWTH = 12;
    private static final int LARGEST_SIDE = 64;

    public DenseNet {
        if (Math.max(input.height(), input.width()) > LARGEST_SIDE) {
            throw new IllegalArgumentException("a DenseNet takes images of up to " + LARGEST_SIDE + "x" + LARGEST_SIDE
                    + " pixels, got " + input + "; choose a resnet, or scale folder:PATH with --resize");
        }
    }

    @Override
    public DenseNet withClasses(int other) {
        return new DenseNet(input, other);
    }

    @Override
    public ImageShape padded() {
        return GraphArchitecture.enlargedToCifar(input);
    }

    @Override
    public Node features(GraphDraft draft, Node images) {
        Node last = draft.convolve(images, 2 * GROWTH, 3, 1);
        for (int block = 0; block < LAYOUT.size(); block++) {
            for (int layer = 0; layer < LAYOUT.get(block); layer++) {
                last = draft.concatenate(grow(draft, last), last);
            }
            if (block < LAYOUT.size() - 1) {
                last = halve(draft, last);
            }
        }
        return draft.mean(draft.normaliseAndRectify(last));
    }

    private static Node grow(GraphDraft draft, Node from) {
        Node narrow = draft.convolve(draft.normaliseAndRectify(from), 4 * GROWTH, 1, 1);
        return draft.convolve(draft.normaliseAndRectify(narrow), GROWTH, 3, 1);
    }

    private static Node halve(GraphDraft draft, Node from) {
        return draft.averageOfTwo(draft.convolve(draft.normaliseAndRectify(from), from.channels() / 2, 1, 1));
    }
}
