package dev.reverie.gpu.tensor.nd4j;

import static dev.reverie.gpu.tensor.nd4j.Nd4jTensor.array;

import dev.reverie.gpu.tensor.Kernels.Window;
import dev.reverie.gpu.tensor.Tensor;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Average pooling with windows that do not overlap. */
final class Nd4jPooling {

    private Nd4jPooling() {}

    static void average(Tensor x, Window window, Tensor p) {
        Nd4j.exec(DynamicCustomOp.builder("avgpool2d")
                .addInputs(array(x))
                .addOutputs(array(p))
                .addIntegerArguments(geometry(window))
                .build());
    }

    static void gradient(Tensor dp, Window window, Tensor dx) {
        // the values of the input do not matter, only its shape
        Nd4j.exec(DynamicCustomOp.builder("avgpool2d_bp")
                .addInputs(array(dx), array(dp))
                .addOutputs(array(dx))
                .addIntegerArguments(geometry(window))
                .build());
    }

    /**
     * Arguments of avgpool2d: kernel, stride, padding and dilation, no same mode, the divisor (without the padding),
     * channels first.
     */
    private static int[] geometry(Window window) {
        return new int[] {window.height(), window.width(), window.height(), window.width(), 0, 0, 1, 1, 0, 0, 0};
    }
}
