package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;

/**
 * The stored results of the forward pass of a micro-batch through the blocks of a network, without the classifier. An
 * instance is valid only while the workspace scope in which it was created is open.
 *
 * @param inputs input of each block, followed by the output of the last block
 * @param convolved output of each block's convolution
 * @param statistics statistics of each block's normalisation
 */
record BlockPass(ConvNet network, List<Tensor> inputs, List<Tensor> convolved, List<Tensor> statistics) {

    BlockPass {
        inputs = List.copyOf(inputs);
        convolved = List.copyOf(convolved);
        statistics = List.copyOf(statistics);
    }

    int samples() {
        return inputs.getFirst().dimension(0);
    }

    /** The embedding as a matrix {@code [n, features]}. */
    Tensor features() {
        return inputs.getLast().asMatrix();
    }

    /**
     * Runs the backward pass, and overwrites {@code gradient} except for the bias of the classifier.
     *
     * @param dLogits derivative with respect to the logits, {@code [n, classes]}
     * @param gradient may lack the classifier
     * @param pooled out: derivative with respect to each block's output
     * @param beforeNorm out: derivative with respect to the output of each block's convolution
     */
    void backward(
            Tensor dLogits, ParameterSet gradient, Tensor[] pooled, Tensor[] beforeNorm, ThreadWorkspace scratch) {
        Architecture architecture = network.architecture();
        int depth = architecture.depth();
        Kernels kernels = network.kernels();
        gradient.classifier()
                .ifPresent(linear -> kernels.multiply(dLogits, true, features(), false, false, linear.weight()));
        pooled[depth - 1] = network.takePooled(scratch, samples(), depth - 1);
        kernels.multiply(dLogits, false, network.classifier().weight(), false, false, pooled[depth - 1].asMatrix());

        for (int block = depth - 1; block >= 0; block--) {
            beforeNorm[block] = network.takeConvolved(scratch, samples(), block);
            kernels.normReluPoolGradient(
                    convolved.get(block),
                    statistics.get(block),
                    network.parameters().affine(block),
                    pooled[block],
                    beforeNorm[block],
                    gradient.affine(block));
            if (block == 0) {
                kernels.weightGradient(inputs.get(0), beforeNorm[0], architecture.padding(0), gradient.convolution(0));
            } else {
                pooled[block - 1] = network.takePooled(scratch, samples(), block - 1);
                kernels.convolutionGradients(
                        inputs.get(block),
                        network.parameters().convolution(block),
                        beforeNorm[block],
                        architecture.padding(block),
                        pooled[block - 1],
                        gradient.convolution(block));
            }
        }
    }
}
