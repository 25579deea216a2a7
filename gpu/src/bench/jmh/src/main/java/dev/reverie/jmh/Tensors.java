package dev.reverie.jmh;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.SplittableRandom;

/** Content for the kernels to work on. */
final class Tensors {

    private Tensors() {}

    /** Normal values, the same every time. */
    static Tensor normal(Kernels kernels, int... shape) {
        Tensor tensor = kernels.allocate(shape);
        SplittableRandom random = new SplittableRandom(0);
        tensor.write(
                0,
                random.doubles(tensor.size()).map(any -> random.nextGaussian()).toArray());
        return tensor;
    }
}
