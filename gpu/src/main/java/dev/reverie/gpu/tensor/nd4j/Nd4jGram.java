package dev.reverie.gpu.tensor.nd4j;

import static dev.reverie.gpu.tensor.nd4j.Nd4jTensor.array;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Computes Gram matrices and their gradients with one BLAS product per sample. */
final class Nd4jGram {

    private Nd4jGram() {}

    /** See {@link Kernels#gram}. */
    static void gram(Tensor z, double[] weights, Tensor gram) {
        gram.fill(0);
        INDArray out = array(gram).transpose();
        for (int sample = 0; sample < weights.length; sample++) {
            INDArray planes = columns(z, sample);
            Nd4j.gemm(planes, planes, out, true, false, weights[sample], 1);
        }
    }

    /** See {@link Kernels#addGramGradient}. */
    static void addGradient(Tensor z, Tensor dGram, Tensor dz) {
        INDArray symmetric = array(dGram).transpose();
        for (int sample = 0; sample < z.dimension(0); sample++) {
            Nd4j.gemm(columns(z, sample), symmetric, columns(dz, sample), false, false, 1, 1);
        }
    }

    /** The planes of a sample as the columns of a matrix, {@code [h w, c]}, which shares the memory of the tensor. */
    private static INDArray columns(Tensor tensor, int sample) {
        long pixels = (long) tensor.dimension(2) * tensor.dimension(3);
        return array(tensor)
                .get(point(sample), all(), all(), all())
                .reshape('c', tensor.dimension(1), pixels)
                .transpose();
    }
}
