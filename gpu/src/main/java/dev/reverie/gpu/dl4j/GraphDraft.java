package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dl4j.BatchNormPass.BatchNormLayerConfig;
import dev.reverie.gpu.dl4j.ConvolutionPass.ConvolutionLayerConfig;
import dev.reverie.gpu.dl4j.GraphClassifier.TrainingLoss;
import dev.reverie.gpu.tensor.ComputeThreads;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;

/** Builds a graph: each method adds a layer after existing ones and returns the new layer. */
public final class GraphDraft {

    private static final Node IMAGES = new Node("images", 0);

    private final GraphBuilder builder;
    private final ComputeThreads threads;
    private int layers;

    private GraphDraft(GraphBuilder builder, ComputeThreads threads) {
        this.builder = builder;
        this.threads = threads;
    }

    /** A layer of the graph. */
    public record Node(String name, int channels) {}

    /** Builds the graph of a network, which outputs logits. */
    static ComputationGraphConfiguration of(
            GraphArchitecture network, TrainingLoss loss, DataType type, ComputeThreads threads) {
        ImageShape shape = network.padded();
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .updater(new NoOp())
                .graphBuilder()
                .addInputs(IMAGES.name())
                .setInputTypes(InputType.convolutional(shape.height(), shape.width(), shape.channels()));
        GraphDraft draft = new GraphDraft(builder, threads);
        Node features = network.features().after(new Node(IMAGES.name(), shape.channels()), draft);
        Layer classifier = new OutputLayer.Builder(loss)
                .activation(Activation.IDENTITY)
                .nOut(network.classes())
                .build();
        return builder.setOutputs(
                        draft.layer(classifier, network.classes(), features).name())
                .build();
    }

    /** Adds a square convolution without bias, padded so that only the stride reduces the size. */
    Node convolve(Node from, int channels, int side, int stride) {
        return convolve(from, channels, side, stride, side / 2);
    }

    /** Adds a square convolution without bias. */
    Node convolve(Node from, int channels, int side, int stride, int padding) {
        return layer(
                new ConvolutionLayerConfig(from.channels(), channels, side, stride, padding, threads), channels, from);
    }

    /** Adds batch normalisation. */
    Node normalise(Node from) {
        return layer(new BatchNormLayerConfig(from.channels(), false, threads), from.channels(), from);
    }

    /** Adds batch normalisation, then ReLU. */
    Node normaliseAndRectify(Node from) {
        return layer(new BatchNormLayerConfig(from.channels(), true, threads), from.channels(), from);
    }

    /** Adds a ReLU. */
    Node rectify(Node from) {
        return layer(new ActivationLayer(Activation.RELU), from.channels(), from);
    }

    /** Adds the outputs of two layers, which have the same shape. */
    Node add(Node left, Node right) {
        Node sum = node(left.channels());
        builder.addVertex(sum.name(), new ElementWiseVertex(ElementWiseVertex.Op.Add), left.name(), right.name());
        return sum;
    }

    /** Concatenates the channels of two layers of the same size. */
    Node concatenate(Node left, Node right) {
        Node both = node(left.channels() + right.channels());
        builder.addVertex(both.name(), new MergeVertex(), left.name(), right.name());
        return both;
    }

    /** Averages 2x2 pixels with stride 2; an odd last row or column is dropped. */
    Node averageOfTwo(Node from) {
        return pool(from, PoolingType.AVG, 2, 0);
    }

    /** Takes the maximum of 3x3 pixels with stride 2. */
    Node maximumOfThree(Node from) {
        return pool(from, PoolingType.MAX, 3, 1);
    }

    private Node pool(Node from, PoolingType type, int side, int padding) {
        Layer pool = new SubsamplingLayer.Builder(type)
                .kernelSize(side, side)
                .stride(2, 2)
                .padding(padding, padding)
                .convolutionMode(ConvolutionMode.Truncate)
                .build();
        return layer(pool, from.channels(), from);
    }

    /** Averages all pixels of each channel. */
    Node mean(Node from) {
        return layer(new GlobalPoolingLayer(PoolingType.AVG), from.channels(), from);
    }

    /** Adds a linear layer with bias, then ReLU. */
    Node connect(Node from, int units) {
        return layer(
                new DenseLayer.Builder().nOut(units).activation(Activation.RELU).build(), units, from);
    }

    private Node layer(Layer layer, int channels, Node from) {
        Node node = node(channels);
        builder.addLayer(node.name(), layer, from.name());
        return node;
    }

    private Node node(int channels) {
        return new Node("layer-" + ++layers, channels);
    }
}
