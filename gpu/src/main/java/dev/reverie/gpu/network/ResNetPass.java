package dev.reverie.gpu.network;

import dev.reverie.gpu.network.Activations.BlockPass;
import dev.reverie.gpu.network.ResNetArchitecture.Block;
import dev.reverie.gpu.network.ResNetPass.BlockResults;
import dev.reverie.gpu.network.ResNetPass.Normalised;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Kernels.Window;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.Optional;

/**
 * The stored results of the forward pass of a micro-batch through a ResNet, without the classifier.
 *
 * @param network the network at whose parameters the pass was run
 * @param images the images {@code [n, channels, height, width]}
 * @param stem results of the first convolution
 * @param blocks results of the residual blocks, in order
 * @param output mean of each channel of the last block's output, {@code [n, features, 1, 1]}
 */
record ResNetPass(ResNet network, Tensor images, Normalised stem, List<BlockResults> blocks, Tensor output)
        implements BlockPass {

    ResNetPass {
        blocks = List.copyOf(blocks);
    }

    /**
     * The results of a convolution and of what follows it.
     *
     * @param z output of the convolution
     * @param statistics statistics of the normalisation
     * @param output the normalised planes after ReLU and pooling, if these follow
     */
    record Normalised(Tensor z, Tensor statistics, Tensor output) {}

    /**
     * The results of a block.
     *
     * @param block sizes of the block, and places of its convolutions
     * @param input input of the block
     * @param inner results of the first convolution
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
    public int samples() {
        return images.dimension(0);
    }

    @Override
    public Tensor features() {
        return output.asMatrix();
    }

    @Override
    public void backward(Tensor dLogits, ParameterSet gradient, ThreadWorkspace scratch) {
        Tensor byFeatures = backwardClassifier(dLogits, gradient, scratch);
        ResNetBackward.parameterGradient(this, byFeatures, gradient, scratch);
    }

    @Override
    public Tensor imageGradient(Tensor byFeatures, ThreadWorkspace scratch) {
        return new ResNetBackward(this, Optional.empty(), scratch).imageGradient(byFeatures);
    }

    /**
     * The backward pass of a ResNet for one micro-batch.
     *
     * @param gradient overwritten with the gradient with respect to all parameters except those of the classifier; if
     *     empty, it is not computed
     */
    record ResNetBackward(ResNetPass pass, Optional<ParameterSet> gradient, ThreadWorkspace scratch) {

        /** Overwrites {@code gradient}, and computes no gradient with respect to the images. */
        static void parameterGradient(
                ResNetPass pass, Tensor byFeatures, ParameterSet gradient, ThreadWorkspace scratch) {
            ResNetBackward backward = new ResNetBackward(pass, Optional.of(gradient), scratch);
            backward.kernels()
                    .weightGradient(
                            pass.images(),
                            backward.byStemConvolved(byFeatures),
                            backward.architecture().stemPadding(),
                            gradient.convolution(0));
        }

        /** Returns the derivative with respect to the images, {@code [n, channels, height, width]}. */
        Tensor imageGradient(Tensor byFeatures) {
            return byInput(pass.images(), 0, architecture().stemPadding(), byStemConvolved(byFeatures));
        }

        private Kernels kernels() {
            return pass.network().kernels();
        }

        private ResNetArchitecture architecture() {
            return pass.network().architecture();
        }

        private Tensor byStemConvolved(Tensor byFeatures) {
            Tensor derivative = takeLike(pass.blocks().getLast().output());
            kernels().averagePoolGradient(byFeatures, Window.whole(derivative), derivative);
            for (BlockResults block : pass.blocks().reversed()) {
                derivative = throughBlock(block, derivative);
            }
            return byConvolved(pass.stem(), 0, true, derivative);
        }

        /** Turns the derivative with respect to a block's output, which is overwritten, into that with respect to x. */
        private Tensor throughBlock(BlockResults results, Tensor byOutput) {
            Block block = results.block();
            kernels().rectifyGradient(results.output(), byOutput);
            Tensor byOuter = byConvolved(results.outer(), block.second(), false, byOutput);
            Tensor byInner = byInput(results.inner().output(), block.second(), 1, byOuter);
            Tensor byFirst = block.halves()
                    ? byConvolvedAndPooled(results.inner(), block.first(), byInner)
                    : byConvolved(results.inner(), block.first(), true, byInner);
            Tensor byInput = byInput(results.input(), block.first(), 1, byFirst);
            kernels().add(throughShortcut(results, byOutput), byInput);
            return byInput;
        }

        private Tensor throughShortcut(BlockResults results, Tensor byOutput) {
            return results.shortcut()
                    .map(shortcut -> {
                        int convolution = results.block().shortcut();
                        Tensor byShortcut = byConvolved(shortcut, convolution, false, byOutput);
                        Tensor byPooled = byInput(results.pooled().orElseThrow(), convolution, 0, byShortcut);
                        Tensor byInput = takeLike(results.input());
                        kernels().averagePoolGradient(byPooled, Window.OF_TWO, byInput);
                        return byInput;
                    })
                    .orElse(byOutput);
        }

        /**
         * Turns the derivative with respect to normalised planes into that with respect to the convolution's output.
         */
        private Tensor byConvolved(Normalised results, int convolution, boolean rectified, Tensor byNormalised) {
            Tensor byConvolved = takeLike(results.z());
            kernels()
                    .normaliseGradient(
                            results.z(),
                            results.statistics(),
                            pass.network().parameters().affine(convolution),
                            rectified,
                            byNormalised,
                            byConvolved,
                            byAffine(convolution));
            return byConvolved;
        }

        private Tensor byConvolvedAndPooled(Normalised results, int convolution, Tensor byPooled) {
            Tensor byConvolved = takeLike(results.z());
            Affine affine = pass.network().parameters().affine(convolution);
            kernels()
                    .normReluPoolGradient(
                            results.z(), results.statistics(), affine, byPooled, byConvolved, byAffine(convolution));
            return byConvolved;
        }

        private Affine byAffine(int convolution) {
            return gradient.map(all -> all.affine(convolution)).orElseGet(() -> {
                int channels = architecture().convolutions().get(convolution).out();
                return new Affine(scratch.take(channels), scratch.take(channels));
            });
        }

        /** Turns the derivative with respect to a convolution's output into that with respect to its input. */
        private Tensor byInput(Tensor input, int convolution, int padding, Tensor byConvolved) {
            Tensor byInput = takeLike(input);
            Network network = pass.network();
            if (gradient.isPresent()) {
                kernels()
                        .convolutionGradients(
                                input,
                                network.parameters().convolution(convolution),
                                byConvolved,
                                padding,
                                byInput,
                                gradient.get().convolution(convolution));
            } else {
                Tensor adjoint = network.adjoint(convolution);
                kernels().convolve(byConvolved, adjoint, adjoint.dimension(2) - 1 - padding, byInput);
            }
            return byInput;
        }

        private Tensor takeLike(Tensor tensor) {
            return scratch.take(tensor.dimension(0), tensor.dimension(1), tensor.dimension(2), tensor.dimension(3));
        }
    }
}
