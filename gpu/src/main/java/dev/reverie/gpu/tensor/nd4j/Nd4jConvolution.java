package dev.reverie.gpu.tensor.nd4j;

import static dev.reverie.gpu.tensor.nd4j.Nd4jTensor.array;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Convolutions and their gradients. The caller opens the workspace for temporaries. */
final class Nd4jConvolution {

    private Nd4jConvolution() {}

    /** See {@link Kernels#convolve}. */
    static void convolve(Tensor x, Tensor w, int padding, Tensor y) {
        Nd4j.exec(DynamicCustomOp.builder("conv2d")
                .addInputs(padding < 0 ? cropped(x, -padding) : array(x), array(w))
                .addOutputs(array(y))
                .addIntegerArguments(geometry(array(w), Math.max(0, padding)))
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
    static void gradients(Tensor x, Tensor w, Tensor dy, int padding, Tensor dx, Tensor dw) {
        gradients(array(x), array(w), array(dy), padding, array(dx), array(dw));
    }

    private static void gradients(INDArray x, INDArray w, INDArray dy, int padding, INDArray dx, INDArray dw) {
        Nd4j.exec(DynamicCustomOp.builder("conv2d_bp")
                .addInputs(x, w, dy)
                .addOutputs(dx, dw)
                .addIntegerArguments(geometry(w, padding))
                .build());
    }

    /**
     * Arguments of conv2d: kernel, stride, padding and dilation, no same mode, channels first, weights as [out, in, kh,
     * kw].
     */
    private static int[] geometry(INDArray w, int padding) {
        int side = Math.toIntExact(w.size(2));
        return new int[] {side, side, 1, 1, padding, padding, 1, 1, 0, 0, 1};
    }
}
