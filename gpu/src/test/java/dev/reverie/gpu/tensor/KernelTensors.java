package dev.reverie.gpu.tensor;

import dev.reverie.gpu.tensor.Kernels.Affine;
import java.util.SplittableRandom;

/** Allocates tensors for tests of kernels in double precision. */
final class KernelTensors {

    private final Kernels kernels;
    private final SplittableRandom random = new SplittableRandom(21);

    KernelTensors(Kernels kernels) {
        this.kernels = kernels;
    }

    /** Returns a tensor with values in [-1, 1). */
    Tensor random(int... shape) {
        Tensor tensor = kernels.allocate(shape);
        tensor.write(0, random.doubles(tensor.size(), -1, 1).toArray());
        return tensor;
    }

    Affine affine(int channels) {
        return new Affine(random(channels), random(channels));
    }

    /** Returns a tensor with the shape of another one and undefined values. */
    Tensor like(Tensor other) {
        return kernels.allocate(other.shape());
    }

    /** Returns the inner product of all values. */
    static double inner(Tensor a, Tensor b) {
        double[] x = a.toDoubles();
        double[] y = b.toDoubles();
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}
