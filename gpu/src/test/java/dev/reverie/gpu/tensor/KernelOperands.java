package dev.reverie.gpu.tensor;

import dev.reverie.gpu.tensor.Kernels.Affine;
import java.util.List;
import java.util.SplittableRandom;

/** The passes of normalisations, with the same random operands for every implementation. */
final class KernelOperands {

    private final SplittableRandom random = new SplittableRandom(11);
    private final Kernels kernels;
    final Tensor z;
    final Tensor zDot;
    final Tensor dp;
    final Tensor dpDot;
    final Tensor statistics;
    final Tensor p;
    final Tensor out;
    final Affine affine;
    final Affine affineDot;
    final Affine outAffine;

    KernelOperands(Kernels kernels, int n, int c, int h, int w) {
        this.kernels = kernels;
        z = filled(random, kernels, n, c, h, w);
        zDot = filled(random, kernels, n, c, h, w);
        dp = filled(random, kernels, n, c, h / 2, w / 2);
        dpDot = filled(random, kernels, n, c, h / 2, w / 2);
        statistics = filled(random, kernels, n, c, 2);
        p = filled(random, kernels, n, c, h / 2, w / 2);
        out = filled(random, kernels, n, c, h, w);
        affine = new Affine(filled(random, kernels, c), filled(random, kernels, c));
        affineDot = new Affine(filled(random, kernels, c), filled(random, kernels, c));
        outAffine = new Affine(filled(random, kernels, c), filled(random, kernels, c));
    }

    void moveFarFromZero() {
        double[] values = z.toDoubles();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] + 100);
        }
        z.write(0, values);
    }

    List<Tensor> results() {
        return List.of(p, statistics, out, outAffine.scale(), outAffine.shift());
    }

    void output() {
        kernels.normReluPool(z, affine, statistics, p);
    }

    void gradient() {
        output();
        kernels.normReluPoolGradient(z, statistics, affine, dp, out, outAffine);
    }

    void normalise(boolean rectified) {
        kernels.normalise(z, affine, rectified, statistics, out);
    }

    void normaliseGradient(boolean rectified) {
        normalise(rectified);
        kernels.normaliseGradient(z, statistics, affine, rectified, zDot, out, outAffine);
    }

    void tangent() {
        output();
        kernels.normReluPoolTangent(z, statistics, affine, zDot, affineDot, p);
    }

    void gradientTangent() {
        output();
        kernels.normReluPoolGradientTangent(z, statistics, affine, zDot, affineDot, dp, dpDot, out, outAffine);
    }

    /** Returns a tensor with values in [-1, 1] that both precisions have. */
    static Tensor filled(SplittableRandom random, Kernels kernels, int... shape) {
        Tensor tensor = kernels.allocate(shape);
        double[] values = new double[Math.toIntExact(tensor.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        tensor.write(0, values);
        return tensor;
    }
}
