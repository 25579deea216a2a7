package dev.reverie.gpu.network;

import dev.reverie.gpu.network.ResNetArchitecture.Block;
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
}
