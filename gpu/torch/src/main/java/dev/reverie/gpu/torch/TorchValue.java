package dev.reverie.gpu.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** A tensor whose elements libtorch holds. */
interface TorchValue {

    /** The tensor as libtorch sees it, in any order of its elements. */
    Tensor value();

    /**
     * Images, {@code [n, c, h, w]}, or the weights of a convolution, in the order of elements that suits the device.
     */
    default Tensor images() {
        return value();
    }

    /** Returns libtorch's tensor of one that this engine allocated. */
    static Tensor value(dev.reverie.gpu.tensor.Tensor tensor) {
        return ((TorchValue) tensor).value();
    }

    /** Returns images or weights that this engine allocated, as {@link #images()} does. */
    static Tensor images(dev.reverie.gpu.tensor.Tensor tensor) {
        return ((TorchValue) tensor).images();
    }

    /** Sets every element. */
    static void fill(Tensor value, double content) {
        try (Scalar number = new Scalar(content)) {
            value.fill_(number);
        }
    }
}
