package dev.reverie.gpu.network;

import dev.reverie.gpu.network.ParameterSet.Linear;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Optimiser;
import dev.reverie.gpu.tensor.Optimiser.AdamMoments;
import dev.reverie.gpu.tensor.Optimiser.AdamW;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A network with its parameters. Each pass works on one micro-batch. Passes can run in parallel on different
 * micro-batches, but not while the parameters change.
 */
public abstract sealed class Network implements AutoCloseable permits ConvNet, ResNet {

    private final Architecture architecture;
    private final Kernels kernels;
    private final ParameterSet parameters;
    private final ParameterSet velocities;
    private final List<AdamMoments> moments;
    private final List<Tensor> adjoints;

    Network(Architecture architecture, Kernels kernels) {
        this.architecture = architecture;
        this.kernels = kernels;
        this.parameters = ParameterSet.allocate(architecture, kernels::allocate);
        this.velocities = ParameterSet.allocate(architecture, kernels::allocate);
        velocities.clear();
        this.moments = Stream.generate(AdamMoments::new)
                .limit(parameters.tensors().size())
                .toList();
        this.adjoints = architecture.convolutions().stream()
                .map(convolution ->
                        kernels.allocate(convolution.in(), convolution.out(), convolution.side(), convolution.side()))
                .toList();
    }

    /** Creates a network with freshly drawn parameters. */
    public static Network fresh(Architecture architecture, Kernels kernels, RandomGenerator random) {
        Network network = of(architecture, kernels);
        network.redraw(random);
        return network;
    }

    private static Network of(Architecture architecture, Kernels kernels) {
        return switch (architecture) {
            case ConvNetArchitecture convNet -> new ConvNet(convNet, kernels);
            case ResNetArchitecture resNet -> new ResNet(resNet, kernels);
        };
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

    public ParameterSet velocities() {
        return velocities;
    }

    public Kernels kernels() {
        return kernels;
    }

    /** Weights for the gradient of a convolution with respect to its input. */
    Tensor adjoint(int convolution) {
        return adjoints.get(convolution);
    }

    /**
     * Sets the parameters to {@code share} times {@code initial} plus {@code 1 - share} times those of a trained
     * network of the same architecture.
     */
    public void mix(double share, List<float[]> initial, Network trained) {
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

    /** Sets the parameters, as {@link ParameterSet#setFloats} does, and leaves the velocities unchanged. */
    public void setParameters(List<float[]> values) {
        parameters.setFloats(values);
        parametersChanged();
    }

    /** Updates the data derived from the parameters; must be called after writing to {@link #parameters()}. */
    public void parametersChanged() {
        IntStream.range(0, adjoints.size()).forEach(this::renewAdjoint);
    }

    void renewAdjoint(int convolution) {
        kernels.adjointWeights(parameters.convolution(convolution), adjoints.get(convolution));
    }

    /** Performs one step on the parameter tensor at {@code index}; the adjoints are updated separately. */
    void descend(int index, Tensor gradient, Optimiser optimiser) {
        Tensor parameter = parameters.tensors().get(index);
        switch (optimiser) {
            case Sgd sgd -> kernels.descend(parameter, velocities.tensors().get(index), gradient, sgd);
            case AdamW adamW -> {
                boolean decays = parameters.isWeight(index);
                moments.get(index).step(parameter, gradient, adamW, _ -> decays);
            }
        }
    }

    void resetOptimiser() {
        velocities.clear();
        moments.forEach(AdamMoments::reset);
    }

    /**
     * Returns a copy with at least as many outputs; existing parameters are copied, and the parameters of new outputs
     * are drawn.
     */
    public Network withClasses(int classes, RandomGenerator random) {
        if (classes < architecture.classes()) {
            throw new IllegalArgumentException("a classifier can only grow: it has " + architecture.classes()
                    + " classes, requested were " + classes);
        }
        Network grown = fresh(architecture.withClasses(classes), kernels, random);
        copyTo(grown);
        return grown;
    }

    /** Returns a network with the same parameters and velocities, but without the state of AdamW. */
    public Network copy() {
        Network twin = of(architecture, kernels);
        copyTo(twin);
        return twin;
    }

    /**
     * Copies the parameters and velocities to a network that has at least as many outputs, and differs in nothing else.
     */
    public void copyTo(Network other) {
        parameters.copyTo(other.parameters);
        velocities.copyTo(other.velocities);
        other.parametersChanged();
    }

    /** Allocates a gradient with respect to the parameters; its content is undefined. */
    public ParameterSet gradient(ThreadWorkspace scratch) {
        return ParameterSet.allocate(architecture, scratch::take);
    }

    Linear classifier() {
        return parameters.classifier().orElseThrow();
    }

    /** Computes the logits of a micro-batch, one row per image, without storing activations. */
    public double[][] logits(Tensor x, ThreadWorkspace scratch) {
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            return classify(embed(x, scratch), scratch);
        }
    }

    /**
     * Computes the embedding of a micro-batch of images, which is the output of the last block, {@code [n, channels, h,
     * w]}, without storing activations.
     */
    public abstract Tensor embed(Tensor x, ThreadWorkspace scratch);

    /** Allocates an embedding of {@code n} images, or a derivative with respect to it; its content is undefined. */
    abstract Tensor takeFeatures(ThreadWorkspace scratch, int n);

    /** Runs the forward pass of a micro-batch of images, and stores the activations for the other passes. */
    public abstract Activations forward(Tensor x, ThreadWorkspace scratch);

    /** Computes the logits of embeddings. */
    final double[][] classify(Tensor features, ThreadWorkspace scratch) {
        double[][] logits = new double[features.dimension(0)][architecture.classes()];
        addProduct(features.asMatrix(), classifier().weight(), scratch, logits);
        addBias(classifier().bias(), logits);
        return logits;
    }

    /** Adds the product of {@code features} and the transpose of {@code weight} to {@code logits}. */
    void addProduct(Tensor features, Tensor weight, ThreadWorkspace scratch, double[][] logits) {
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            Tensor product = scratch.take(logits.length, architecture.classes());
            kernels.multiply(Factor.of(features), Factor.transposed(weight), false, product);
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

    @Override
    public void close() {
        parameters.close();
        velocities.close();
        adjoints.forEach(Tensor::close);
    }
}
