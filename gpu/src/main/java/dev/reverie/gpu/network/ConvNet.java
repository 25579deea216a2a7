package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A ConvNet-D, with four passes: forward, backward, and the tangents of both. */
public final class ConvNet extends Network {

    private final ConvNetArchitecture architecture;

    ConvNet(ConvNetArchitecture architecture, Kernels kernels) {
        super(architecture, kernels);
        this.architecture = architecture;
    }

    /** Creates a network with freshly drawn parameters. */
    public static ConvNet fresh(ConvNetArchitecture architecture, Kernels kernels, RandomGenerator random) {
        ConvNet network = new ConvNet(architecture, kernels);
        network.redraw(random);
        return network;
    }

    @Override
    public ConvNetArchitecture architecture() {
        return architecture;
    }

    /** Allocates a gradient with respect to the parameters of the blocks only; its content is undefined. */
    public ParameterSet blockGradient(ThreadWorkspace scratch) {
        return ParameterSet.allocateBlocks(architecture, scratch::take);
    }

    @Override
    public Tensor embed(Tensor x, ThreadWorkspace scratch) {
        return embed(x, ConvolutionListener.NONE, scratch);
    }

    /**
     * Computes the embedding of a micro-batch, as {@link #embed(Tensor, ThreadWorkspace)} does, and shows the outputs
     * of the convolutions to {@code listener}.
     */
    public Tensor embed(Tensor x, ConvolutionListener listener, ThreadWorkspace scratch) {
        Tensor features = takeFeatures(scratch, x.dimension(0));
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            Tensor current = x;
            for (int block = 0; block < architecture.depth(); block++) {
                Tensor next = block == architecture.depth() - 1 ? features : takePooled(scratch, x.dimension(0), block);
                listener.onOutput(block(block, current, next, scratch), scratch);
                current = next;
            }
        }
        return features;
    }

    @Override
    Tensor takeFeatures(ThreadWorkspace scratch, int n) {
        return takePooled(scratch, n, architecture.depth() - 1);
    }

    @Override
    public ConvNetActivations forward(Tensor x, ThreadWorkspace scratch) {
        int n = x.dimension(0);
        List<Tensor> inputs = new ArrayList<>(List.of(x));
        List<InstanceNorm> norms = new ArrayList<>();
        for (int block = 0; block < architecture.depth(); block++) {
            Tensor pooled = takePooled(scratch, n, block);
            norms.add(block(block, inputs.getLast(), pooled, scratch));
            inputs.add(pooled);
        }
        return new ConvNetActivations(this, inputs, norms);
    }

    /** Computes a block, and returns the output of its convolution. */
    private InstanceNorm block(int block, Tensor input, Tensor pooled, ThreadWorkspace scratch) {
        int n = input.dimension(0);
        Tensor z = takeConvolved(scratch, n, block);
        Tensor statistics = scratch.take(n, architecture.width(), 2);
        InstanceNorm norm = new InstanceNorm(z, statistics, parameters().affine(block));
        kernels().convolve(input, parameters().convolution(block), architecture.padding(block), z);
        kernels().normReluPool(norm, pooled);
        return norm;
    }

    Tensor takeConvolved(ThreadWorkspace scratch, int n, int block) {
        return scratch.take(
                n, architecture.width(), architecture.convolvedHeight(block), architecture.convolvedWidth(block));
    }

    Tensor takeInput(ThreadWorkspace scratch, int n, int block) {
        return scratch.take(
                n, architecture.inputChannels(block), architecture.inputHeight(block), architecture.inputWidth(block));
    }

    Tensor takePooled(ThreadWorkspace scratch, int n, int block) {
        return takeInput(scratch, n, block + 1);
    }

    /** Receives the outputs of a network's convolutions, before their normalisation, block by block. */
    @FunctionalInterface
    public interface ConvolutionListener {

        /** Ignores all outputs. */
        ConvolutionListener NONE = (norm, scratch) -> {};

        /** Receives the output of the next block of a micro-batch, which is valid only during the call. */
        void onOutput(InstanceNorm norm, ThreadWorkspace scratch);
    }

    /**
     * A derivative with respect to the outputs of a network's convolutions, besides that which its last block passes
     * on.
     */
    @FunctionalInterface
    public interface ConvolutionDerivative {

        ConvolutionDerivative NONE = (block, norm, byConvolved, scratch) -> {};

        /** Adds the derivative with respect to the output of the convolution of one block to {@code byConvolved}. */
        void addTo(int block, InstanceNorm norm, Tensor byConvolved, ThreadWorkspace scratch);
    }
}
