package dev.reverie.gpu.network;

import dev.reverie.gpu.network.Architecture.Convolution;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One tensor per parameter of a network, holding the parameter values, a gradient, a direction in parameter space, or
 * the optimiser's velocities. The order of the tensors is: weights {@code [out, in, side, side]} of each convolution,
 * then scale and shift {@code [out]} of the normalisation after each convolution, then the classifier's weight
 * {@code [classes, features]} and bias {@code [1, classes]}.
 *
 * <p>A gradient or direction can omit the classifier, which holds most of the parameters if there are many classes;
 * most matching objectives do not compare the classifier's gradient.
 */
public final class ParameterSet implements AutoCloseable {

    private final List<Tensor> convolutions;
    private final List<Affine> affines;
    private final Optional<Linear> classifier;
    private final List<Tensor> tensors;

    private ParameterSet(List<Tensor> convolutions, List<Affine> affines, Optional<Linear> classifier) {
        this.convolutions = List.copyOf(convolutions);
        this.affines = List.copyOf(affines);
        this.classifier = classifier;
        this.tensors = Stream.of(
                        convolutions.stream(),
                        affines.stream().flatMap(affine -> Stream.of(affine.scale(), affine.shift())),
                        classifier.stream().flatMap(linear -> Stream.of(linear.weight(), linear.bias())))
                .flatMap(part -> part)
                .toList();
    }

    /** Parameters of the linear layer: {@code [classes, features]} and {@code [1, classes]}. */
    public record Linear(Tensor weight, Tensor bias) {}

    /** Allocates tensors for the parameters of {@code network} from {@code memory}. */
    static ParameterSet allocate(Architecture network, Allocator memory) {
        ParameterSet blocks = allocateBlocks(network, memory);
        Linear classifier = new Linear(
                memory.allocate(network.classes(), network.features()), memory.allocate(1, network.classes()));
        return new ParameterSet(blocks.convolutions, blocks.affines, Optional.of(classifier));
    }

    /** Allocates tensors for the parameters of the blocks of {@code network}, without the classifier. */
    static ParameterSet allocateBlocks(Architecture network, Allocator memory) {
        List<Tensor> convolutions = new ArrayList<>();
        List<Affine> affines = new ArrayList<>();
        for (Convolution convolution : network.convolutions()) {
            convolutions.add(
                    memory.allocate(convolution.out(), convolution.in(), convolution.side(), convolution.side()));
            affines.add(new Affine(memory.allocate(convolution.out()), memory.allocate(convolution.out())));
        }
        return new ParameterSet(convolutions, affines, Optional.empty());
    }

    /** Allocates tensors from new memory or from a thread's workspace. */
    @FunctionalInterface
    interface Allocator {
        Tensor allocate(int... shape);
    }

    /**
     * Sets all values; throws an {@link IllegalArgumentException} unless there is an array for each tensor, in order.
     */
    public void setFloats(List<float[]> values) {
        if (tensors.size() != values.size()) {
            throw new IllegalArgumentException(
                    "the saved network has " + values.size() + " parameter tensors, this one has " + tensors.size());
        }
        for (int i = 0; i < tensors.size(); i++) {
            tensors.get(i).setFloats(values.get(i));
        }
    }

    /** Sets all values to 0. */
    public void clear() {
        tensors().forEach(tensor -> tensor.fill(0));
    }

    /**
     * Draws the initial values: weights and the classifier's bias are uniform between plus and minus 1 / sqrt(fan-in),
     * scales are 1, and shifts are 0.
     */
    void draw(RandomGenerator random) {
        for (Tensor weight : convolutions) {
            drawUniform(weight, weight.dimension(1) * weight.dimension(2) * weight.dimension(3), random);
        }
        for (Affine affine : affines) {
            affine.scale().fill(1);
            affine.shift().fill(0);
        }
        classifier.ifPresent(linear -> {
            int features = linear.weight().dimension(1);
            drawUniform(linear.weight(), features, random);
            drawUniform(linear.bias(), features, random);
        });
    }

    private static void drawUniform(Tensor tensor, int fanIn, RandomGenerator random) {
        double bound = 1 / Math.sqrt(fanIn);
        double[] values = new double[Math.toIntExact(tensor.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextDouble(-bound, bound);
        }
        tensor.write(0, values);
    }

    /** Weights of the convolution at {@code index}, which for a ConvNet is that of the block. */
    public Tensor convolution(int index) {
        return convolutions.get(index);
    }

    /** Whether the tensor at {@code index} has weights of connections, rather than biases, scales or shifts. */
    public boolean isWeight(int index) {
        Tensor tensor = tensors.get(index);
        return index < convolutions.size()
                || classifier.filter(linear -> linear.weight() == tensor).isPresent();
    }

    /** Weights of all convolutions; gradient matching compares their gradients. */
    public List<Tensor> convolutions() {
        return convolutions;
    }

    /** Scale and shift of the normalisation after the convolution at {@code index}. */
    public Affine affine(int index) {
        return affines.get(index);
    }

    /** Parameters of the linear layer; empty if this set covers only the blocks. */
    public Optional<Linear> classifier() {
        return classifier;
    }

    /**
     * Returns the block of a ConvNet to which the tensor at {@code index} of {@link #tensors()} belongs; the
     * classifier's tensors belong to the last block.
     */
    public static int blockOf(int index, int depth) {
        if (index < depth) {
            return index;
        }
        return Math.min((index - depth) / 2, depth - 1);
    }

    /** Copies tensor by tensor; a target that is longer than its source keeps the rest of its content. */
    public void copyTo(ParameterSet target) {
        List<Tensor> sources = tensors();
        List<Tensor> targets = target.tensors();
        for (int i = 0; i < sources.size(); i++) {
            sources.get(i).copyTo(targets.get(i), 0);
        }
    }

    /** Computes the inner product with another set of the same shapes, in double precision. */
    public double product(ParameterSet other) {
        double product = 0;
        for (int i = 0; i < tensors().size(); i++) {
            double[] values = tensors().get(i).toDoubles();
            double[] others = other.tensors().get(i).toDoubles();
            for (int at = 0; at < values.length; at++) {
                product += values[at] * others[at];
            }
        }
        return product;
    }

    /** Computes the square of the Euclidean norm, in double precision. */
    double squaredNorm() {
        double sum = 0;
        for (Tensor tensor : tensors()) {
            for (double value : tensor.toDoubles()) {
                sum += value * value;
            }
        }
        return sum;
    }

    /** Adds {@code factor} times another set of the same shapes. */
    public void add(double factor, ParameterSet other) {
        for (int i = 0; i < tensors().size(); i++) {
            double[] values = tensors().get(i).toDoubles();
            double[] others = other.tensors().get(i).toDoubles();
            for (int at = 0; at < values.length; at++) {
                values[at] += factor * others[at];
            }
            tensors().get(i).write(0, values);
        }
    }

    /** All tensors, in the order that the class comment gives. */
    public List<Tensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        tensors().forEach(Tensor::close);
    }

    /**
     * A direction in parameter space, with the adjoint weights of its component for each convolution, for the tangent
     * passes.
     */
    public record ParameterDirection(ParameterSet parameters, List<Tensor> adjoints) {

        public ParameterDirection {
            adjoints = List.copyOf(adjoints);
        }

        /** Creates a direction of zeros. Call {@link #changed} after writing to the component of a convolution. */
        public static ParameterDirection zero(ConvNet network, ThreadWorkspace scratch) {
            return zero(network.architecture(), ParameterSet.allocate(network.architecture(), scratch::take), scratch);
        }

        /** Creates a direction of zeros without components for the classifier. */
        public static ParameterDirection zeroOfBlocks(ConvNet network, ThreadWorkspace scratch) {
            return zero(
                    network.architecture(),
                    ParameterSet.allocateBlocks(network.architecture(), scratch::take),
                    scratch);
        }

        private static ParameterDirection zero(
                ConvNetArchitecture architecture, ParameterSet parameters, ThreadWorkspace scratch) {
            parameters.clear();
            List<Tensor> adjoints = IntStream.range(0, architecture.depth())
                    .mapToObj(block -> scratch.take(
                            architecture.inputChannels(block), architecture.width(), Kernels.KERNEL, Kernels.KERNEL))
                    .toList();
            return new ParameterDirection(parameters, adjoints);
        }

        /** Updates the adjoint weights of a block after a write to the component of its convolution. */
        public void changed(int block, Kernels kernels) {
            kernels.adjointWeights(parameters.convolution(block), adjoints.get(block));
        }
    }
}
