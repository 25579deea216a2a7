package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * One tensor for each parameter of a ConvNet: its values, a gradient by them, a direction in their space, or their
 * momentum. Order: convolution weights {@code [out, in, 3, 3]} of each block, then each block's normalisation scale and
 * shift {@code [width]}, then the classifier's weight {@code [classes, features]} and bias {@code [1, classes]}.
 */
public final class ParameterSet implements AutoCloseable {

    private final List<Tensor> convolutions;
    private final List<Affine> affines;
    private final Tensor classifier;
    private final Tensor bias;

    private ParameterSet(List<Tensor> convolutions, List<Affine> affines, Tensor classifier, Tensor bias) {
        this.convolutions = List.copyOf(convolutions);
        this.affines = List.copyOf(affines);
        this.classifier = classifier;
        this.bias = bias;
    }

    /** Memory for the parameters of {@code network}, from {@code memory}. */
    static ParameterSet allocate(Architecture network, Allocator memory) {
        List<Tensor> convolutions = new ArrayList<>();
        List<Affine> affines = new ArrayList<>();
        for (int block = 0; block < network.depth(); block++) {
            convolutions.add(
                    memory.allocate(network.width(), network.inputChannels(block), Kernels.KERNEL, Kernels.KERNEL));
            affines.add(new Affine(memory.allocate(network.width()), memory.allocate(network.width())));
        }
        return new ParameterSet(
                convolutions,
                affines,
                memory.allocate(network.classes(), network.features()),
                memory.allocate(1, network.classes()));
    }

    /** Where tensors come from: fresh memory or a lane's scratch. */
    @FunctionalInterface
    interface Allocator {
        Tensor allocate(int... shape);
    }

    /** Sets all to zero. */
    void clear() {
        tensors().forEach(tensor -> tensor.fill(0));
    }

    /**
     * Draws the initial values: weights and the classifier's bias uniform in plus or minus one over the root of the
     * fan-in, scales one, shifts zero.
     */
    void draw(RandomGenerator random) {
        for (Tensor weight : convolutions) {
            drawUniform(weight, weight.dimension(1) * Kernels.KERNEL * Kernels.KERNEL, random);
        }
        for (Affine affine : affines) {
            affine.scale().fill(1);
            affine.shift().fill(0);
        }
        drawUniform(classifier, classifier.dimension(1), random);
        drawUniform(bias, classifier.dimension(1), random);
    }

    private static void drawUniform(Tensor tensor, int fanIn, RandomGenerator random) {
        double bound = 1 / Math.sqrt(fanIn);
        double[] values = new double[Math.toIntExact(tensor.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextDouble(-bound, bound);
        }
        tensor.write(0, values);
    }

    /** Convolution weights of {@code block}. */
    public Tensor convolution(int block) {
        return convolutions.get(block);
    }

    /** Convolution weights of all blocks: what gradient matching compares. */
    public List<Tensor> convolutions() {
        return convolutions;
    }

    /** Scale and shift of {@code block}'s normalisation. */
    public Affine affine(int block) {
        return affines.get(block);
    }

    /** Weight of the linear layer. */
    public Tensor classifier() {
        return classifier;
    }

    /** Bias of the linear layer. */
    public Tensor bias() {
        return bias;
    }

    /** All tensors in order. */
    public List<Tensor> tensors() {
        return Stream.of(
                        convolutions.stream(),
                        affines.stream().flatMap(affine -> Stream.of(affine.scale(), affine.shift())),
                        Stream.of(classifier, bias))
                .flatMap(tensors -> tensors)
                .toList();
    }

    @Override
    public void close() {
        tensors().forEach(Tensor::close);
    }
}
