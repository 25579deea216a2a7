package dev.reverie.gpu.network;

import dev.reverie.gpu.network.ResNetActivations.BlockResults;
import dev.reverie.gpu.network.ResNetActivations.Normalised;
import dev.reverie.gpu.network.ResNetArchitecture.Block;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Kernels.Window;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A ResNet, with two passes: forward and backward. Objectives that compare gradients need a {@link ConvNet}. */
final class ResNet extends Network {

    private final ResNetArchitecture architecture;

    ResNet(ResNetArchitecture architecture, Kernels kernels) {
        super(architecture, kernels);
        this.architecture = architecture;
    }

    @Override
    public ResNetArchitecture architecture() {
        return architecture;
    }

    @Override
    public Tensor embed(Tensor x, ThreadWorkspace scratch) {
        Tensor features = takeFeatures(scratch, x.dimension(0));
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            average(blocks(stem(x, scratch).output(), scratch).getLast().output(), features);
        }
        return features;
    }

    private void average(Tensor output, Tensor features) {
        kernels().averagePool(output, Window.whole(output), features);
    }

    @Override
    Tensor takeFeatures(ThreadWorkspace scratch, int n) {
        return scratch.take(n, architecture.features(), 1, 1);
    }

    @Override
    public ResNetActivations forward(Tensor x, ThreadWorkspace scratch) {
        Normalised stem = stem(x, scratch);
        List<BlockResults> blocks = blocks(stem.output(), scratch);
        Tensor features = takeFeatures(scratch, x.dimension(0));
        average(blocks.getLast().output(), features);
        return new ResNetActivations(this, x, stem, blocks, features);
    }

    private Normalised stem(Tensor x, ThreadWorkspace scratch) {
        Tensor z =
                scratch.take(x.dimension(0), architecture.width(), architecture.stemHeight(), architecture.stemWidth());
        kernels().convolve(x, parameters().convolution(0), architecture.stemPadding(), z);
        return normalise(z, 0, true, scratch);
    }

    private List<BlockResults> blocks(Tensor first, ThreadWorkspace scratch) {
        List<BlockResults> results = new ArrayList<>();
        Tensor input = first;
        for (Block block : architecture.blocks()) {
            results.add(block(block, input, scratch));
            input = results.getLast().output();
        }
        return results;
    }

    private BlockResults block(Block block, Tensor x, ThreadWorkspace scratch) {
        int n = x.dimension(0);
        Tensor z = scratch.take(n, block.out(), block.height(), block.width());
        kernels().convolve(x, parameters().convolution(block.first()), 1, z);
        Normalised inner =
                block.halves() ? normalisePooled(z, block, scratch) : normalise(z, block.first(), true, scratch);
        Tensor residual = takeOutput(block, n, scratch);
        kernels().convolve(inner.output(), parameters().convolution(block.second()), 1, residual);
        Normalised outer = normalise(residual, block.second(), false, scratch);
        Optional<Tensor> pooled = block.halves() ? Optional.of(pooled(block, x, scratch)) : Optional.empty();
        Optional<Normalised> shortcut = pooled.map(half -> shortcut(block, half, scratch));
        kernels().addAndRectify(shortcut.map(Normalised::output).orElse(x), outer.output());
        return new BlockResults(block, x, inner, outer, pooled, shortcut);
    }

    private Tensor pooled(Block block, Tensor x, ThreadWorkspace scratch) {
        Tensor pooled = takePooledInput(block, x.dimension(0), scratch);
        kernels().averagePool(x, Window.OF_TWO, pooled);
        return pooled;
    }

    private Normalised shortcut(Block block, Tensor pooled, ThreadWorkspace scratch) {
        Tensor z = takeOutput(block, pooled.dimension(0), scratch);
        kernels().convolve(pooled, parameters().convolution(block.shortcut()), 0, z);
        return normalise(z, block.shortcut(), false, scratch);
    }

    private Normalised normalise(Tensor z, int convolution, boolean rectified, ThreadWorkspace scratch) {
        InstanceNorm norm = norm(z, convolution, scratch);
        Tensor y = scratch.take(z.dimension(0), z.dimension(1), z.dimension(2), z.dimension(3));
        kernels().normalise(norm, rectified, y);
        return new Normalised(norm, y);
    }

    private Normalised normalisePooled(Tensor z, Block block, ThreadWorkspace scratch) {
        InstanceNorm norm = norm(z, block.first(), scratch);
        Tensor y = takeOutput(block, z.dimension(0), scratch);
        kernels().normReluPool(norm, y);
        return new Normalised(norm, y);
    }

    private InstanceNorm norm(Tensor z, int convolution, ThreadWorkspace scratch) {
        Tensor statistics = scratch.take(z.dimension(0), z.dimension(1), 2);
        return new InstanceNorm(z, statistics, parameters().affine(convolution));
    }

    static Tensor takeOutput(Block block, int n, ThreadWorkspace scratch) {
        return scratch.take(n, block.out(), block.outputHeight(), block.outputWidth());
    }

    static Tensor takePooledInput(Block block, int n, ThreadWorkspace scratch) {
        return scratch.take(n, block.in(), block.outputHeight(), block.outputWidth());
    }
}
