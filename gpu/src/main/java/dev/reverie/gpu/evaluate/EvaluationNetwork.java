package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.graph.BatchNormConvNet;
import dev.reverie.gpu.graph.DenseNet;
import dev.reverie.gpu.graph.GraphArchitecture;
import dev.reverie.gpu.graph.GraphClassifier;
import dev.reverie.gpu.graph.MultiLayerPerceptron;
import dev.reverie.gpu.graph.ResNet;
import dev.reverie.gpu.network.Architecture;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetClassifier;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels;
import java.util.random.RandomGenerator;

/** What kind of network a set is judged by. Width and depth are those of a ConvNet; the others have their own. */
public enum EvaluationNetwork {
    /** ConvNet-D with instance normalisation, on our own engine. */
    CONVNET,
    /** ConvNet-D with batch normalisation. */
    CONVNET_BN,
    /** A ResNet of one block a stage. */
    RESNET_10,
    /** A ResNet of two blocks a stage. */
    RESNET_18,
    /** A DenseNet of growth 12. */
    DENSENET,
    /** Three linear layers. */
    MLP;

    /** Whether width and depth say anything about it. */
    public boolean isConvNet() {
        return this == CONVNET || this == CONVNET_BN;
    }

    /**
     * Makes sure that there is such a network for images of a shape.
     *
     * @throws IllegalArgumentException if there is none, saying why
     */
    public void requireFitting(ImageShape shape, int classes, int width, int depth) {
        switch (this) {
            case CONVNET -> new Architecture(shape, classes, width, depth);
            default -> graph(shape, classes, width, depth);
        }
    }

    /**
     * A network with freshly drawn weights.
     *
     * @param lanes to compute on, which stay the caller's to close
     */
    Classifier fresh(
            ImageShape shape,
            int classes,
            int width,
            int depth,
            Kernels kernels,
            ComputeThreads threads,
            RandomGenerator random) {
        return switch (this) {
            case CONVNET ->
                new ConvNetClassifier(
                        ConvNet.fresh(new Architecture(shape, classes, width, depth), kernels, random),
                        new BatchTrainer(threads));
            default -> GraphClassifier.fresh(graph(shape, classes, width, depth), kernels, threads, random);
        };
    }

    private GraphArchitecture graph(ImageShape shape, int classes, int width, int depth) {
        return switch (this) {
            case CONVNET -> throw new IllegalStateException("the ConvNet is no graph");
            case CONVNET_BN -> new BatchNormConvNet(new Architecture(shape, classes, width, depth));
            case RESNET_10 -> new ResNet(shape, classes, 1);
            case RESNET_18 -> new ResNet(shape, classes, 2);
            case DENSENET -> new DenseNet(shape, classes);
            case MLP -> new MultiLayerPerceptron(shape, classes);
        };
    }
}
