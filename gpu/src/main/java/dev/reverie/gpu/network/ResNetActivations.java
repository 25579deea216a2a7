package dev.reverie.gpu.network;

import dev.reverie.gpu.network.ResNetArchitecture.Block;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Kernels.NormDerivative;
import dev.reverie.gpu.tensor.Kernels.Window;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.Optional;

final class ResNetActivations extends Activations {

    private final ResNet network;
    private final Tensor images;
    private final Normalised stem;
    private final List<BlockResults> blocks;

    /** Stores the results of a forward pass; the features are the means of the channels of the last block's output. */
    ResNetActivations(ResNet network, Tensor images, Normalised stem, List<BlockResults> blocks, Tensor features) {
        super(network, features);
        this.network = network;
        this.images = images;
        this.stem = stem;
        this.blocks = List.copyOf(blocks);
    }

    /** The results of a convolution, and the planes after normalisation, ReLU and pooling, where these follow. */
    record Normalised(InstanceNorm norm, Tensor output) {}

    /**
     * The results of a block.
     *
     * @param block sizes of the block, and places of its convolutions
     * @param outer results of the second one, whose output holds the output of the block
     * @param pooled the input of the shortcut's convolution; empty if the shortcut is the input itself
     * @param shortcut results of the shortcut's convolution; empty as above
     */
    record BlockResults(
            Block block,
            Tensor input,
            Normalised inner,
            Normalised outer,
            Optional<Tensor> pooled,
            Optional<Normalised> shortcut) {

        Tensor output() {
            return outer.output();
        }
    }

    @Override
    void backward(Tensor dLogits, ParameterSet gradient, ThreadWorkspace scratch) {
        Tensor byFeatures = backwardClassifier(dLogits, gradient, scratch);
        Tensor byStem = new BackwardPass(Optional.of(gradient), scratch).byStemConvolved(byFeatures);
        int padding = network.architecture().stemPadding();
        network.kernels().weightGradient(images, byStem, padding, gradient.convolution(0));
    }

    @Override
    public Tensor imageGradient(Tensor byFeatures, ThreadWorkspace scratch) {
        BackwardPass pass = new BackwardPass(Optional.empty(), scratch);
        return pass.byInput(images, 0, network.architecture().stemPadding(), pass.byStemConvolved(byFeatures));
    }

    /** The backward pass down to the output of the first convolution. */
    private final class BackwardPass {

        private final Optional<ParameterSet> gradient;
        private final ThreadWorkspace scratch;
        private final Kernels kernels = network.kernels();

        /**
         * Prepares the pass, which overwrites {@code gradient}, if present, except for the classifier and the weights
         * of the first convolution.
         */
        BackwardPass(Optional<ParameterSet> gradient, ThreadWorkspace scratch) {
            this.gradient = gradient;
            this.scratch = scratch;
        }

        Tensor byStemConvolved(Tensor byFeatures) {
            Tensor derivative = takeLike(blocks.getLast().output());
            kernels.averagePoolGradient(byFeatures, Window.whole(derivative), derivative);
            for (BlockResults block : blocks.reversed()) {
                derivative = throughBlock(block, derivative);
            }
            return byConvolved(stem, 0, true, derivative);
        }

        /** Turns the derivative with respect to a block's output, which is overwritten, into that with respect to x. */
        private Tensor throughBlock(BlockResults results, Tensor byOutput) {
            Block block = results.block();
            kernels.rectifyGradient(results.output(), byOutput);
            Tensor byOuter = byConvolved(results.outer(), block.second(), false, byOutput);
            Tensor byInner = byInput(results.inner().output(), block.second(), 1, byOuter);
            Tensor byFirst = block.halves()
                    ? byConvolvedAndPooled(results.inner(), block.first(), byInner)
                    : byConvolved(results.inner(), block.first(), true, byInner);
            Tensor byInput = byInput(results.input(), block.first(), 1, byFirst);
            kernels.add(throughShortcut(results, byOutput), byInput);
            return byInput;
        }

        private Tensor throughShortcut(BlockResults results, Tensor byOutput) {
            return results.shortcut()
                    .map(shortcut -> {
                        int convolution = results.block().shortcut();
                        Tensor byShortcut = byConvolved(shortcut, convolution, false, byOutput);
                        Tensor byPooled = byInput(results.pooled().orElseThrow(), convolution, 0, byShortcut);
                        Tensor byInput = takeLike(results.input());
                        kernels.averagePoolGradient(byPooled, Window.OF_TWO, byInput);
                        return byInput;
                    })
                    .orElse(byOutput);
        }

        /**
         * Turns the derivative with respect to normalised planes into that with respect to the convolution's output.
         */
        private Tensor byConvolved(Normalised results, int convolution, boolean rectified, Tensor byNormalised) {
            NormDerivative derivative = takeDerivative(results, convolution);
            kernels.normaliseGradient(results.norm(), rectified, byNormalised, derivative);
            return derivative.z();
        }

        private Tensor byConvolvedAndPooled(Normalised results, int convolution, Tensor byPooled) {
            NormDerivative derivative = takeDerivative(results, convolution);
            kernels.normReluPoolGradient(results.norm(), byPooled, derivative);
            return derivative.z();
        }

        private NormDerivative takeDerivative(Normalised results, int convolution) {
            return new NormDerivative(takeLike(results.norm().z()), byAffine(convolution));
        }

        private Affine byAffine(int convolution) {
            return gradient.map(all -> all.affine(convolution)).orElseGet(() -> {
                int channels =
                        network.architecture().convolutions().get(convolution).out();
                return new Affine(scratch.take(channels), scratch.take(channels));
            });
        }

        /** Turns the derivative with respect to a convolution's output into that with respect to its input. */
        Tensor byInput(Tensor input, int convolution, int padding, Tensor byConvolved) {
            Tensor byInput = takeLike(input);
            if (gradient.isPresent()) {
                kernels.convolutionGradients(
                        input,
                        network.parameters().convolution(convolution),
                        byConvolved,
                        padding,
                        byInput,
                        gradient.get().convolution(convolution));
            } else {
                Tensor adjoint = network.adjoint(convolution);
                kernels.convolve(byConvolved, adjoint, adjoint.dimension(2) - 1 - padding, byInput);
            }
            return byInput;
        }

        private Tensor takeLike(Tensor tensor) {
            return scratch.take(tensor.dimension(0), tensor.dimension(1), tensor.dimension(2), tensor.dimension(3));
        }
    }
}
