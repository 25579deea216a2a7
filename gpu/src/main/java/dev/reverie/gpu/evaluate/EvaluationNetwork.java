package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dl4j.BatchNormResNet;
import dev.reverie.gpu.dl4j.DenseNet;
import dev.reverie.gpu.dl4j.GraphArchitecture;
import dev.reverie.gpu.dl4j.GraphArchitecture.BatchNormConvNet;
import dev.reverie.gpu.dl4j.GraphArchitecture.MultiLayerPerceptron;
import dev.reverie.gpu.dl4j.GraphClassifier;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.network.Classifier.NetworkClassifier;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.tensor.ComputeThreads;
import java.util.random.RandomGenerator;

/** The architectures of evaluation networks. Width and depth apply to ConvNets; the others have fixed sizes. */
public enum EvaluationNetwork {
    /** ConvNet-D with instance normalisation, computed by Reverie's own code. */
    CONVNET,
    /** ConvNet-D with batch normalisation. */
    CONVNET_BN,
    /** A ResNet with one block per stage. */
    RESNET_10,
    /** A ResNet with two blocks per stage. */
    RESNET_18,
    /** A DenseNet with growth rate 12. */
    DENSENET,
    /** Three linear layers. */
    MLP;

    /** Whether width and depth apply to this architecture. */
    public boolean isConvNet() {
        return this == CONVNET || this == CONVNET_BN;
    }

    /**
     * Checks that this architecture supports images of a given shape.
     *
     * @throws IllegalArgumentException if such images are not supported; the message gives the reason
     */
    public void requireFitting(ImageShape shape, int classes, int width, int depth) {
        switch (this) {
            case CONVNET -> new ConvNetArchitecture(shape, classes, width, depth);
            default -> graph(shape, classes, width, depth);
        }
    }

    /**
     * Creates a network with freshly drawn weights.
     *
     * @param threads compute threads, which the caller closes
     */
    Classifier fresh(
            ImageShape shape, int classes, int width, int depth, ComputeThreads threads, RandomGenerator random) {
        return switch (this) {
            case CONVNET ->
                new NetworkClassifier(
                        ConvNet.fresh(new ConvNetArchitecture(shape, classes, width, depth), threads.kernels(), random),
                        new BatchTrainer(threads));
            default -> GraphClassifier.fresh(graph(shape, classes, width, depth), threads.kernels(), threads, random);
        };
    }

    private GraphArchitecture graph(ImageShape shape, int classes, int width, int depth) {
        return switch (this) {
            case CONVNET -> throw new IllegalStateException("the ConvNet is not a graph");
            case CONVNET_BN -> new BatchNormConvNet(new ConvNetArchitecture(shape, classes, width, depth));
            case RESNET_10 -> new BatchNormResNet(shape, classes, 1);
            case RESNET_18 -> new BatchNormResNet(shape, classes, 2);
            case DENSENET -> new DenseNet(shape, classes);
            case MLP -> new MultiLayerPerceptron(shape, classes);
        };
    }
}
