package dev.reverie.gpu.network;

import dev.reverie.gpu.network.Activations.BlockPass;
import dev.reverie.gpu.network.ConvNet.ConvolutionDerivative;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Affine;
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
record ConvNetPass(ConvNet network, List<Tensor> inputs, List<Tensor> convolved, List<Tensor> statistics)
        implements BlockPass {

    ConvNetPass {
        inputs = List.copyOf(inputs);
        convolved = List.copyOf(convolved);
        statistics = List.copyOf(statistics);
    }

    @Override
    public int samples() {
        return inputs.getFirst().dimension(0);
    }

    @Override
    public Tensor features() {
        return inputs.getLast().asMatrix();
    }

    @Override
    public void backward(Tensor dLogits, ParameterSet gradient, ThreadWorkspace scratch) {
        int depth = network.architecture().depth();
        backward(dLogits, gradient, new Tensor[depth], new Tensor[depth], scratch);
    }

    /**
     * Runs the backward pass, as the other method does, and keeps what the tangent pass needs.
     *
     * @param dLogits derivative with respect to the logits, {@code [n, classes]}
     * @param gradient may lack the classifier
     * @param pooled out: derivative with respect to each block's output
     * @param beforeNorm out: derivative with respect to the output of each block's convolution
     */
    void backward(
            Tensor dLogits, ParameterSet gradient, Tensor[] pooled, Tensor[] beforeNorm, ThreadWorkspace scratch) {
        ConvNetArchitecture architecture = network.architecture();
        int depth = architecture.depth();
        Kernels kernels = network.kernels();
        pooled[depth - 1] = backwardClassifier(dLogits, gradient, scratch);

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

    @Override
    public Tensor imageGradient(Tensor byFeatures, ThreadWorkspace scratch) {
        return imageGradient(byFeatures, ConvolutionDerivative.NONE, scratch);
    }

    /**
     * Turns the sum of two derivatives into the derivative with respect to the images: one with respect to the
     * embedding, and one with respect to the outputs of the convolutions.
     */
    Tensor imageGradient(Tensor byFeatures, ConvolutionDerivative byConvolutions, ThreadWorkspace scratch) {
        ConvNetArchitecture architecture = network.architecture();
        Kernels kernels = network.kernels();
        Affine unused = new Affine(scratch.take(architecture.width()), scratch.take(architecture.width()));
        Tensor derivative = byFeatures;
        for (int block = architecture.depth() - 1; block >= 0; block--) {
            Tensor byConvolved = network.takeConvolved(scratch, samples(), block);
            Affine affine = network.parameters().affine(block);
            kernels.normReluPoolGradient(
                    convolved.get(block), statistics.get(block), affine, derivative, byConvolved, unused);
            byConvolutions.addTo(block, convolved.get(block), statistics.get(block), byConvolved, scratch);
            derivative = scratch.take(
                    samples(),
                    architecture.inputChannels(block),
                    architecture.inputHeight(block),
                    architecture.inputWidth(block));
            int padding = Kernels.KERNEL - 1 - architecture.padding(block);
            kernels.convolve(byConvolved, network.adjoint(block), padding, derivative);
        }
        return derivative;
    }
}
