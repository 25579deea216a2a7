package dev.reverie.gpu.tensor;

import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Kernels.NormDerivative;
import java.util.List;
import java.util.SplittableRandom;

/** The passes of normalisations, with the same random operands for every implementation. */
final class KernelOperands {

    private final SplittableRandom random = new SplittableRandom(11);
    private final Kernels kernels;
    final Tensor z;
    final Tensor zDot;
    final Tensor dp;
    final Tensor p;
    final Tensor out;
    final InstanceNorm norm;
    private final Tensor dpDot;
    private final NormDerivative normDot;
    private final NormDerivative outDerivative;

    KernelOperands(Kernels kernels, int n, int c, int h, int w) {
        this.kernels = kernels;
        z = filled(random, kernels, n, c, h, w);
        zDot = filled(random, kernels, n, c, h, w);
        dp = filled(random, kernels, n, c, h / 2, w / 2);
        dpDot = filled(random, kernels, n, c, h / 2, w / 2);
        Tensor statistics = filled(random, kernels, n, c, 2);
        p = filled(random, kernels, n, c, h / 2, w / 2);
        out = filled(random, kernels, n, c, h, w);
        norm = new InstanceNorm(z, statistics, affine(c));
        normDot = new NormDerivative(zDot, affine(c));
        outDerivative = new NormDerivative(out, affine(c));
    }

    private Affine affine(int channels) {
        return new Affine(filled(random, kernels, channels), filled(random, kernels, channels));
    }

    void moveFarFromZero() {
        double[] values = z.toDoubles();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] + 100);
        }
        z.write(0, values);
    }

    List<Tensor> results() {
        return List.of(
                p,
                norm.statistics(),
                out,
                outDerivative.affine().scale(),
                outDerivative.affine().shift());
    }

    void output() {
        kernels.normReluPool(norm, p);
    }

    void gradient() {
        output();
        kernels.normReluPoolGradient(norm, dp, outDerivative);
    }

    void normalise(boolean rectified) {
        kernels.normalise(norm, rectified, out);
    }

    void normaliseGradient(boolean rectified) {
        normalise(rectified);
        kernels.normaliseGradient(norm, rectified, zDot, outDerivative);
    }

    void tangent() {
        output();
        kernels.normReluPoolTangent(norm, normDot, p);
    }

    void gradientTangent() {
        output();
        kernels.normReluPoolGradientTangent(norm, normDot, dp, dpDot, outDerivative);
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
