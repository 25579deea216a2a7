package dev.reverie.gpu.tensor.nd4j;

import static dev.reverie.gpu.tensor.nd4j.Nd4jTensor.array;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Window;
import dev.reverie.gpu.tensor.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** The kernels that are operations of ND4J or products. The caller opens the workspace for temporaries. */
final class Nd4jOperations {

    private Nd4jOperations() {}

    /** See {@link Kernels#convolve}. */
    static void convolve(Tensor x, Tensor w, int padding, Tensor y) {
        Nd4j.exec(DynamicCustomOp.builder("conv2d")
                .addInputs(padding < 0 ? cropped(x, -padding) : array(x), array(w))
                .addOutputs(array(y))
                .addIntegerArguments(ofConvolution(array(w), Math.max(0, padding)))
                .build());
    }

    private static INDArray cropped(Tensor x, int border) {
        return array(x).get(
                        all(),
                        all(),
                        interval(border, x.dimension(2) - border),
                        interval(border, x.dimension(3) - border))
                .dup('c');
    }

    /** See {@link Kernels#adjointWeights}. */
    static void adjointWeights(Tensor w, Tensor adjoint) {
        int out = w.dimension(0);
        int in = w.dimension(1);
        int taps = w.dimension(2) * w.dimension(3);
        double[] source = new double[out * in * taps];
        double[] target = new double[source.length];
        w.read(0, source);
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                int from = (o * in + i) * taps;
                int to = (i * out + o) * taps;
                for (int tap = 0; tap < taps; tap++) {
                    target[to + tap] = source[from + taps - 1 - tap];
                }
            }
        }
        adjoint.write(0, target);
    }

    /** See {@link Kernels#weightGradient}. */
    static void weightGradient(Tensor x, Tensor dy, int padding, Tensor dw) {
        INDArray dx = Nd4j.createUninitialized(array(x).dataType(), array(x).shape());
        INDArray w = Nd4j.zeros(array(dw).dataType(), array(dw).shape());
        gradients(array(x), w, array(dy), padding, dx, array(dw));
    }

    /** See {@link Kernels#convolutionGradients}. */
    static void convolutionGradients(Tensor x, Tensor w, Tensor dy, int padding, Tensor dx, Tensor dw) {
        gradients(array(x), array(w), array(dy), padding, array(dx), array(dw));
    }

    private static void gradients(INDArray x, INDArray w, INDArray dy, int padding, INDArray dx, INDArray dw) {
        Nd4j.exec(DynamicCustomOp.builder("conv2d_bp")
                .addInputs(x, w, dy)
                .addOutputs(dx, dw)
                .addIntegerArguments(ofConvolution(w, padding))
                .build());
    }

    /**
     * Arguments of conv2d: kernel, stride, padding and dilation, no same mode, channels first, weights as [out, in, kh,
     * kw].
     */
    private static int[] ofConvolution(INDArray w, int padding) {
        int side = Math.toIntExact(w.size(2));
        return new int[] {side, side, 1, 1, padding, padding, 1, 1, 0, 0, 1};
    }

    /** See {@link Kernels#averagePool}. */
    static void averagePool(Tensor x, Window window, Tensor p) {
        Nd4j.exec(DynamicCustomOp.builder("avgpool2d")
                .addInputs(array(x))
                .addOutputs(array(p))
                .addIntegerArguments(ofPooling(window))
                .build());
    }

    /** See {@link Kernels#averagePoolGradient}. */
    static void averagePoolGradient(Tensor dp, Window window, Tensor dx) {
        // the values of the input do not matter, only its shape
        Nd4j.exec(DynamicCustomOp.builder("avgpool2d_bp")
                .addInputs(array(dx), array(dp))
                .addOutputs(array(dx))
                .addIntegerArguments(ofPooling(window))
                .build());
    }

    /**
     * Arguments of avgpool2d: kernel, stride, padding and dilation, no same mode, the divisor (without the padding),
     * channels first.
     */
    private static int[] ofPooling(Window window) {
        return new int[] {window.height(), window.width(), window.height(), window.width(), 0, 0, 1, 1, 0, 0, 0};
    }

    /** See {@link Kernels#gram}; one BLAS product per sample. */
    static void gram(Tensor z, double[] weights, Tensor gram) {
        gram.fill(0);
        INDArray out = array(gram).transpose();
        for (int sample = 0; sample < weights.length; sample++) {
            INDArray planes = columns(z, sample);
            Nd4j.gemm(planes, planes, out, true, false, weights[sample], 1);
        }
    }

    /** See {@link Kernels#addGramGradient}. */
    static void addGramGradient(Tensor z, Tensor dGram, Tensor dz) {
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
