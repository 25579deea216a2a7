package dev.reverie.gpu.network;

import dev.reverie.gpu.network.BatchTrainer.Sgd;
import dev.reverie.gpu.network.ParameterSet.Linear;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A ConvNet-D with its parameters. Each of the four passes (forward, backward, and the tangents of both) works on one
 * micro-batch. Passes can run in parallel on different micro-batches, but not while the parameters change.
 */
public final class ConvNet implements AutoCloseable {

    private final Architecture architecture;
    private final Kernels kernels;
    private final ParameterSet parameters;
    private final ParameterSet velocities;
    private final List<Tensor> adjoints;

    private ConvNet(Architecture architecture, Kernels kernels) {
        this.architecture = architecture;
        this.kernels = kernels;
        this.parameters = ParameterSet.allocate(architecture, kernels::allocate);
        this.velocities = ParameterSet.allocate(architecture, kernels::allocate);
        velocities.clear();
        this.adjoints = IntStream.range(0, architecture.depth())
                .mapToObj(block -> kernels.allocate(
                        architecture.inputChannels(block), architecture.width(), Kernels.KERNEL, Kernels.KERNEL))
                .toList();
    }

    /** Creates a network with freshly drawn parameters. */
    public static ConvNet fresh(Architecture architecture, Kernels kernels, RandomGenerator random) {
        ConvNet network = new ConvNet(architecture, kernels);
        network.redraw(random);
        return network;
    }

    /** Draws new values for all parameters and leaves the velocities unchanged. */
    public void redraw(RandomGenerator random) {
        parameters.draw(random);
        parametersChanged();
    }

    public Architecture architecture() {
        return architecture;
    }

    public ParameterSet parameters() {
        return parameters;
    }

    /** Velocities of the optimiser, one per parameter. */
    public ParameterSet velocities() {
        return velocities;
    }

    /** The kernels that compute this network. */
    public Kernels kernels() {
        return kernels;
    }

    /** Weights for the gradient of {@code block}'s convolution with respect to the input. */
    Tensor adjoint(int block) {
        return adjoints.get(block);
    }

    /**
     * Sets the parameters to {@code share} times {@code initial} plus {@code 1 - share} times {@code trained}.
     *
     * @param share weight of {@code initial}, in [0, 1]
     * @param initial one array per parameter tensor, in order
     * @param trained network of the same architecture
     */
    public void mix(double share, List<float[]> initial, ConvNet trained) {
        List<Tensor> sources = trained.parameters.tensors();
        List<Tensor> targets = parameters.tensors();
        for (int i = 0; i < targets.size(); i++) {
            float[] values = sources.get(i).toFloats();
            float[] other = initial.get(i);
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) (share * other[j] + (1 - share) * values[j]);
            }
            targets.get(i).setFloats(values);
        }
        parametersChanged();
    }

    /** Updates the data derived from the parameters; must be called after writing to {@link #parameters()}. */
    public void parametersChanged() {
        for (int block = 0; block < architecture.depth(); block++) {
            renewAdjoint(block);
        }
    }

    void renewAdjoint(int block) {
        kernels.adjointWeights(parameters.convolution(block), adjoints.get(block));
    }

    /**
     * Performs one step of momentum SGD on the parameter tensor at {@code index}; the adjoints are updated separately.
     */
    void descend(int index, Tensor gradient, Sgd sgd) {
        kernels.descend(
                parameters.tensors().get(index),
                velocities.tensors().get(index),
                gradient,
                sgd.rate(),
                sgd.momentum(),
                sgd.decay());
    }

    /**
     * Returns a copy with more outputs; existing parameters are copied, and the parameters of new outputs are drawn.
     */
    public ConvNet withClasses(int classes, RandomGenerator random) {
        if (classes < architecture.classes()) {
            throw new IllegalArgumentException("a classifier can only grow: it has " + architecture.classes()
                    + " classes, requested were " + classes);
        }
        ConvNet grown = fresh(architecture.withClasses(classes), kernels, random);
        copyTo(grown);
        return grown;
    }

    /** Returns a network with the same parameters and velocities. */
    public ConvNet copy() {
        ConvNet twin = new ConvNet(architecture, kernels);
        copyTo(twin);
        return twin;
    }

    /**
     * Copies the parameters and velocities to a network that has at least as many outputs, and differs in nothing else.
     */
    public void copyTo(ConvNet other) {
        copy(parameters, other.parameters);
        copy(velocities, other.velocities);
        other.parametersChanged();
    }

    /** Allocates a gradient with respect to the parameters; its content is undefined. */
    public ParameterSet gradient(ThreadWorkspace scratch) {
        return ParameterSet.allocate(architecture, scratch::take);
    }

    /** Allocates a gradient with respect to the parameters of the blocks only; its content is undefined. */
    public ParameterSet blockGradient(ThreadWorkspace scratch) {
        return ParameterSet.allocateBlocks(architecture, scratch::take);
    }

    /** The linear layer. */
    Linear classifier() {
        return parameters.classifier().orElseThrow();
    }

    /** Computes the logits of a micro-batch, one row per image, without storing activations. */
    public double[][] logits(Tensor x, ThreadWorkspace scratch) {
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            return classify(embed(x, scratch), scratch);
        }
    }

    /** Copies tensor by tensor; a target that is longer than its source keeps the rest of its content. */
    private static void copy(ParameterSet from, ParameterSet to) {
        List<Tensor> sources = from.tensors();
        List<Tensor> targets = to.tensors();
        for (int i = 0; i < sources.size(); i++) {
            sources.get(i).copyTo(targets.get(i), 0);
        }
    }

    /**
     * Computes the embedding of a micro-batch, which is the output of the last block, {@code [n, width, h, w]}, without
     * storing activations.
     *
     * @param x images {@code [n, channels, height, width]}
     * @param scratch workspace from which the result is allocated
     */
    public Tensor embed(Tensor x, ThreadWorkspace scratch) {
        return embed(x, ConvolutionObserver.NONE, scratch);
    }

    /**
     * Computes the embedding of a micro-batch, as {@link #embed(Tensor, ThreadWorkspace)} does, and shows the outputs
     * of the convolutions to {@code observer}.
     */
    public Tensor embed(Tensor x, ConvolutionObserver observer, ThreadWorkspace scratch) {
        Tensor features = scratch.take(
                x.dimension(0),
                architecture.width(),
                architecture.height(architecture.depth()),
                architecture.width(architecture.depth()));
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            Tensor current = x;
            for (int block = 0; block < architecture.depth(); block++) {
                Tensor next = block == architecture.depth() - 1 ? features : takePooled(scratch, x.dimension(0), block);
                Tensor z = takeConvolved(scratch, x.dimension(0), block);
                Tensor statistics = scratch.take(x.dimension(0), architecture.width(), 2);
                kernels.convolve(current, parameters.convolution(block), architecture.padding(block), z);
                kernels.normReluPool(z, parameters.affine(block), statistics, next);
                observer.observe(z, statistics, scratch);
                current = next;
            }
        }
        return features;
    }

    /**
     * Runs the forward pass and stores the activations for the other passes.
     *
     * @param x images {@code [n, channels, height, width]}
     * @param scratch workspace from which the activations are allocated
     */
    public Activations forward(Tensor x, ThreadWorkspace scratch) {
        BlockPass blocks = forwardBlocks(x, scratch);
        return new Activations(blocks, classify(blocks.inputs().getLast(), scratch));
    }

    /** Runs the forward pass through the blocks, as {@link #forward} does. */
    BlockPass forwardBlocks(Tensor x, ThreadWorkspace scratch) {
        int n = x.dimension(0);
        List<Tensor> inputs = new ArrayList<>(List.of(x));
        List<Tensor> convolved = new ArrayList<>();
        List<Tensor> statistics = new ArrayList<>();
        for (int block = 0; block < architecture.depth(); block++) {
            Tensor z = takeConvolved(scratch, n, block);
            Tensor moments = scratch.take(n, architecture.width(), 2);
            Tensor pooled = takePooled(scratch, n, block);
            kernels.convolve(inputs.get(block), parameters.convolution(block), architecture.padding(block), z);
            kernels.normReluPool(z, parameters.affine(block), moments, pooled);
            convolved.add(z);
            statistics.add(moments);
            inputs.add(pooled);
        }
        return new BlockPass(this, inputs, convolved, statistics);
    }

    private double[][] classify(Tensor features, ThreadWorkspace scratch) {
        double[][] logits = new double[features.dimension(0)][architecture.classes()];
        addProduct(features.asMatrix(), classifier().weight(), scratch, logits);
        addBias(classifier().bias(), logits);
        return logits;
    }

    /** Adds the product of {@code features} and the transpose of {@code weight} to {@code logits}. */
    void addProduct(Tensor features, Tensor weight, ThreadWorkspace scratch, double[][] logits) {
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            Tensor product = scratch.take(logits.length, architecture.classes());
            kernels.multiply(features, false, weight, true, false, product);
            double[][] rows = product.toRows();
            for (int sample = 0; sample < logits.length; sample++) {
                add(rows[sample], logits[sample]);
            }
        }
    }

    static void addBias(Tensor bias, double[][] logits) {
        double[] offsets = bias.toDoubles();
        for (double[] row : logits) {
            add(offsets, row);
        }
    }

    private static void add(double[] x, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] += x[i];
        }
    }

    Tensor takeConvolved(ThreadWorkspace scratch, int n, int block) {
        return scratch.take(
                n, architecture.width(), architecture.convolvedHeight(block), architecture.convolvedWidth(block));
    }

    Tensor takePooled(ThreadWorkspace scratch, int n, int block) {
        return scratch.take(n, architecture.width(), architecture.height(block + 1), architecture.width(block + 1));
    }

    @Override
    public void close() {
        parameters.close();
        velocities.close();
        adjoints.forEach(Tensor::close);
    }
}
