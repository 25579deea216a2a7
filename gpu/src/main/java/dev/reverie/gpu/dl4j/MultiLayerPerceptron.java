package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dl4j.GraphDraft.Node;

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
