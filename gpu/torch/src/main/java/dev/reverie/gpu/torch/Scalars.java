package dev.reverie.gpu.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Calls of libtorch that take a number. */
final class Scalars {

    private Scalars() {}

    /** Sets every element. */
    static void fill(Tensor tensor, double content) {
        try (Scalar number = new Scalar(content)) {
            tensor.fill_(number);
        }
    }
}
