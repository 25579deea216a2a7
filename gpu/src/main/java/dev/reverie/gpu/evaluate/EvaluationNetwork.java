package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dl4j.GraphArchitecture;
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

    /** Creates networks of one architecture and size. */
    @FunctionalInterface
    interface NetworkFactory {

        /** Creates a network with freshly drawn weights; the caller closes {@code threads}. */
        Classifier fresh(ComputeThreads threads, RandomGenerator random);
    }

    /**
     * Checks that this architecture supports images of a given shape.
     *
     * @throws IllegalArgumentException if such images are not supported; the message gives the reason
     */
    public void requireFitting(ImageShape shape, int classes, int width, int depth) {
        NetworkFactory _ = factory(shape, classes, width, depth);
    }

    /** Returns what creates networks for images of a given shape, or throws what {@link #requireFitting} throws. */
    NetworkFactory factory(ImageShape shape, int classes, int width, int depth) {
        return switch (this) {
            case CONVNET -> {
                ConvNetArchitecture architecture = new ConvNetArchitecture(shape, classes, width, depth);
                yield (threads, random) -> new NetworkClassifier(
                        ConvNet.fresh(architecture, threads.kernels(), random), new BatchTrainer(threads));
            }
            case CONVNET_BN ->
                graph(GraphArchitecture.batchNormConvNet(new ConvNetArchitecture(shape, classes, width, depth)));
            case RESNET_10 -> graph(GraphArchitecture.resNet(shape, classes, 1));
            case RESNET_18 -> graph(GraphArchitecture.resNet(shape, classes, 2));
            case DENSENET -> graph(GraphArchitecture.denseNet(shape, classes));
            case MLP -> graph(GraphArchitecture.multiLayerPerceptron(shape, classes));
        };
    }

    private static NetworkFactory graph(GraphArchitecture architecture) {
        return (threads, random) -> GraphClassifier.fresh(architecture, threads.kernels(), threads, random);
    }
}
