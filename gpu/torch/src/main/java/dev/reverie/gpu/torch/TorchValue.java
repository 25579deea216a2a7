package dev.reverie.gpu.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** A tensor whose elements libtorch holds. */
interface TorchValue {

    /** The tensor as libtorch sees it, row-major. */
    Tensor value();

    /** Returns libtorch's tensor of one that this engine allocated. */
    static Tensor value(dev.reverie.gpu.tensor.Tensor tensor) {
        return ((TorchValue) tensor).value();
    }

    /** Sets every element. */
    static void fill(Tensor value, double content) {
        try (Scalar number = new Scalar(content)) {
            value.fill_(number);
        }
    }
}
