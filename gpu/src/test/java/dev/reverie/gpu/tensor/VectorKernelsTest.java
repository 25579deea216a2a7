package dev.reverie.gpu.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.tensor.Kernels.Affine;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fused kernels in single precision against the plain formulas in double. */
class VectorKernelsTest {

    /** Single precision, relative to the largest element, after sums over at most a few thousand terms. */
    private static final double TOLERANCE = 2e-5;

    private final Kernels plain = Device.referenceKernels(Precision.DOUBLE);
    private final Kernels fused = Device.kernels();

    @ParameterizedTest(name = "{0} images, {1} channels, {2}x{3}")
    @CsvSource({"2,3,32,32", "3,5,16,16", "2,4,8,8", "1,2,28,28", "2,3,7,7", "2,2,9,12", "1,1,2,2", "1,3,33,17"})
    @DisplayName("each map of a block's tail equals its formula, whatever the size of the plane")
    void tailsAgree(int n, int c, int h, int w) {
        assertSame((k, world) -> k.tail(world.z, world.affine, world.statistics, world.p), n, c, h, w);
        assertSame(
                (k, world) -> {
                    k.tail(world.z, world.affine, world.statistics, world.p);
                    k.tailGradient(world.z, world.statistics, world.affine, world.dp, world.out, world.outAffine);
                },
                n,
                c,
                h,
                w);
        assertSame(
                (k, world) -> {
                    k.tail(world.z, world.affine, world.statistics, world.p);
                    k.tailTangent(world.z, world.statistics, world.affine, world.zDot, world.affineDot, world.p);
                },
                n,
                c,
                h,
                w);
        assertSame(
                (k, world) -> {
                    k.tail(world.z, world.affine, world.statistics, world.p);
                    k.tailGradientTangent(
                            world.z,
                            world.statistics,
                            world.affine,
                            world.zDot,
                            world.affineDot,
                            world.dp,
                            world.dpDot,
                            world.out,
                            world.outAffine);
                },
                n,
                c,
                h,
                w);
    }

    private void assertSame(BiConsumer<Kernels, World> call, int n, int c, int h, int w) {
        World expected = new World(plain, n, c, h, w);
        World actual = new World(fused, n, c, h, w);
        call.accept(plain, expected);
        call.accept(fused, actual);
        assertClose(actual.p, expected.p);
        assertClose(actual.statistics, expected.statistics);
        assertClose(actual.out, expected.out);
        assertClose(actual.outAffine.scale(), expected.outAffine.scale());
        assertClose(actual.outAffine.shift(), expected.outAffine.shift());
    }

    private static void assertClose(Tensor actual, Tensor expected) {
        double[] a = values(actual);
        double[] e = values(expected);
        double largest = 1e-3;
        for (double value : e) {
            largest = Math.max(largest, Math.abs(value));
        }
        double worst = 0;
        for (int i = 0; i < e.length; i++) {
            worst = Math.max(worst, Math.abs(a[i] - e[i]));
        }
        assertThat(worst / largest).isLessThan(TOLERANCE);
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.size())];
        tensor.read(0, values);
        return values;
    }

    /** Everything a tail reads or writes, with the same random content for every kind of kernels. */
    private static final class World {

        private final SplittableRandom random = new SplittableRandom(11);
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

        World(Kernels kernels, int n, int c, int h, int w) {
            z = filled(kernels, n, c, h, w);
            zDot = filled(kernels, n, c, h, w);
            dp = filled(kernels, n, c, h / 2, w / 2);
            dpDot = filled(kernels, n, c, h / 2, w / 2);
            statistics = filled(kernels, n, c, 2);
            p = filled(kernels, n, c, h / 2, w / 2);
            out = filled(kernels, n, c, h, w);
            affine = new Affine(filled(kernels, c), filled(kernels, c));
            affineDot = new Affine(filled(kernels, c), filled(kernels, c));
            outAffine = new Affine(filled(kernels, c), filled(kernels, c));
        }

        private Tensor filled(Kernels kernels, int... shape) {
            Tensor tensor = kernels.allocate(shape);
            double[] values = new double[Math.toIntExact(tensor.size())];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-1, 1);
            }
            tensor.write(0, values);
            return tensor;
        }
    }
}
