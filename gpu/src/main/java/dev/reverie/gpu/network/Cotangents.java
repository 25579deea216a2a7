package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Tensor;
import java.util.List;

/**
 * The stored results of a micro-batch's backward pass. An instance is valid only while the workspace scope in which it
 * was created is open.
 */
public final class Cotangents {

    private final ParameterSet gradient;
    private final List<Tensor> pooled;
    private final List<Tensor> convolved;
    private final CrossEntropy crossEntropy;
    private final Tensor logits;

    /**
     * Stores the results of a backward pass.
     *
     * @param gradient gradient with respect to the parameters
     * @param pooled derivative with respect to each block's output
     * @param convolved derivative with respect to the output of each block's convolution
     * @param crossEntropy the loss whose derivatives these are
     * @param logits derivative with respect to the logits, {@code [n, classes]}
     */
    Cotangents(
            ParameterSet gradient,
            List<Tensor> pooled,
            List<Tensor> convolved,
            CrossEntropy crossEntropy,
            Tensor logits) {
        this.gradient = gradient;
        this.pooled = List.copyOf(pooled);
        this.convolved = List.copyOf(convolved);
        this.crossEntropy = crossEntropy;
        this.logits = logits;
    }

    /** Gradient with respect to the parameters. */
    public ParameterSet gradient() {
        return gradient;
    }

    Tensor pooled(int block) {
        return pooled.get(block);
    }

    Tensor convolved(int block) {
        return convolved.get(block);
    }

    CrossEntropy crossEntropy() {
        return crossEntropy;
    }

    Tensor logits() {
        return logits;
    }
}
