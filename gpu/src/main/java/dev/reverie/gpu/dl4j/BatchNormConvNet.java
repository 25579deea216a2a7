package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dl4j.GraphDraft.Node;
import dev.reverie.gpu.network.ConvNetArchitecture;

/**
 * ConvNet-D with batch normalisation instead of instance normalisation, as in RDED. Its convolutions have no bias,
 * because batch normalisation would cancel it.
 *
 * @param shape architecture of the ConvNet
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
