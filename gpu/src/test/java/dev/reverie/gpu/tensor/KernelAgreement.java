package dev.reverie.gpu.tensor;

import static dev.reverie.gpu.tensor.KernelOperands.filled;
import static dev.reverie.gpu.tensor.KernelTensors.inner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Kernels.Moments;
import dev.reverie.gpu.tensor.Kernels.Window;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What kernels in single precision fulfil: they equal the plain formulas in double precision. */
public abstract class KernelAgreement {

    /** Single precision, relative to the largest element, after sums over at most a few thousand terms. */
    private static final double TOLERANCE = 2e-5;

    /** Likewise for planes far from zero: a mean of 200 deviations has an error of 1e-5 deviations. */
    private static final double FAR_TOLERANCE = 1e-4;

    private final Kernels plain;
    private final Kernels fused;

    /**
     * Tests an engine.
     *
     * @param plain kernels in double precision
     * @param fused kernels in single precision
     */
    protected KernelAgreement(Kernels plain, Kernels fused) {
        this.plain = plain;
        this.fused = fused;
    }

    @ParameterizedTest(name = "{0} images, {1} channels, {2}x{3}")
    @CsvSource({
        "2,3,32,32",
        "3,5,16,16",
        "2,4,8,8",
        "1,2,28,28",
        "2,3,7,7",
        "2,2,9,12",
        "1,1,2,2",
        "1,3,33,17",
        "16,40,5,5"
    })
    @DisplayName("each pass of norm-ReLU-pool equals its formula for any plane size")
    protected void normReluPoolAgrees(int n, int c, int h, int w) {
        assertSame(KernelOperands::output, n, c, h, w);
        assertSame(KernelOperands::gradient, n, c, h, w);
        assertSame(KernelOperands::tangent, n, c, h, w);
        assertSame(KernelOperands::gradientTangent, n, c, h, w);
    }

    @ParameterizedTest(name = "{0}x{0}")
    @ValueSource(ints = {2, 4, 7})
    @DisplayName("a normalisation equals its formula for planes whose mean is 200 times their deviation")
    protected void normalisesFarFromZero(int side) {
        List<Consumer<KernelOperands>> passes = List.of(
                KernelOperands::output, operands -> operands.normalise(false), operands -> operands.normalise(true));
        for (Consumer<KernelOperands> pass : passes) {
            assertAgree(FAR_TOLERANCE, kernels -> {
                KernelOperands operands = new KernelOperands(kernels, 2, 4, side, side);
                operands.moveFarFromZero();
                pass.accept(operands);
                return operands.results();
            });
        }
    }

    @ParameterizedTest(name = "{0} images {1}x{3}x{4} to {2} channels, padding {5}")
    @CsvSource({
        "2,1,20,28,28,3",
        "2,3,20,32,32,1",
        "3,20,1,32,32,-1",
        "2,20,3,16,16,1",
        "1,2,2,9,7,1",
        "1,1,1,5,5,0",
        "3,1,7,9,7,1",
        "2,4,5,11,11,2",
        "2,8,8,16,16,1",
        "2,12,12,16,16,1",
        "2,24,20,16,16,1"
    })
    @DisplayName("a convolution and its gradients equal the generic ones, for few and many channels")
    protected void convolutionsAgree(int n, int in, int out, int h, int w, int padding) {
        int height = h + 2 * padding - 2;
        int width = w + 2 * padding - 2;
        assertAgree(kernels -> {
            SplittableRandom same = new SplittableRandom(3);
            Tensor x = filled(same, kernels, n, in, h, w);
            Tensor weights = filled(same, kernels, out, in, 3, 3);
            Tensor dy = filled(same, kernels, n, out, height, width);
            Tensor y = filled(same, kernels, n, out, height, width);
            Tensor dw = filled(same, kernels, out, in, 3, 3);
            kernels.convolve(x, weights, padding, y);
            Tensor dx = filled(same, kernels, n, in, h, w);
            Tensor dwToo = filled(same, kernels, out, in, 3, 3);
            if (padding >= 0) {
                kernels.weightGradient(x, dy, padding, dw);
                kernels.convolutionGradients(x, weights, dy, padding, dx, dwToo);
            }
            return List.of(y, dw, dx, dwToo);
        });
    }

    @ParameterizedTest(name = "{0}x{2} = {0}x{1} {1}x{2}, transposed {3} {4}, accumulated {5}")
    @CsvSource({
        "16, 768, 10, false, true, false",
        "10, 16, 768, true, false, false",
        "16, 10, 768, false, false, true",
        "3, 5, 7, false, true, true",
        "1, 1, 1, false, false, false",
        "200, 300, 100, false, true, false",
        "4, 6, 3, true, true, false"
    })
    @DisplayName("a matrix product equals the generic one, small or large")
    protected void productsAgree(
            int rows, int terms, int columns, boolean transposeA, boolean transposeB, boolean accumulate) {
        assertAgree(kernels -> {
            SplittableRandom same = new SplittableRandom(4);
            Tensor a = transposeA ? filled(same, kernels, terms, rows) : filled(same, kernels, rows, terms);
            Tensor b = transposeB ? filled(same, kernels, columns, terms) : filled(same, kernels, terms, columns);
            Tensor out = filled(same, kernels, rows, columns);
            kernels.multiply(new Factor(a, transposeA), new Factor(b, transposeB), accumulate, out);
            return List.of(out);
        });
    }

    @ParameterizedTest(name = "{0} images, {1} channels, {2}x{3}")
    @CsvSource({"2,3,32,32", "3,5,16,16", "2,4,8,8", "1,2,28,28", "2,3,7,7", "2,2,9,12", "1,1,2,2", "16,40,5,5"})
    @DisplayName("Gram matrices and the gradients of moments equal their formulas for any plane size")
    protected void styleAgrees(int n, int c, int h, int w) {
        double[] weights = new SplittableRandom(2).doubles(n).toArray();
        assertAgree(kernels -> {
            KernelOperands world = new KernelOperands(kernels, n, c, h, w);
            Tensor gram = filled(new SplittableRandom(5), kernels, c, c);
            kernels.gram(world.z, weights, gram);
            kernels.addGramGradient(world.z, gram, world.out);
            Moments byMoments =
                    new Moments(world.norm.affine().scale(), world.norm.affine().shift());
            kernels.addMomentsGradient(world.norm, byMoments, world.zDot);
            return List.of(gram, world.out, world.zDot);
        });
    }

    @ParameterizedTest(name = "{0} images, {1} channels, {2}x{3}")
    @CsvSource({"2,3,32,32", "3,5,16,16", "2,4,8,8", "1,2,28,28", "2,3,7,7", "2,2,9,12", "1,1,2,2", "16,40,5,5"})
    @DisplayName("the maps of a residual block equal their formulas for any plane size")
    protected void residualBlocksAgree(int n, int c, int h, int w) {
        for (boolean rectified : new boolean[] {false, true}) {
            assertSame(operands -> operands.normalise(rectified), n, c, h, w);
            assertSame(operands -> operands.normaliseGradient(rectified), n, c, h, w);
        }
        assertAgree(kernels -> {
            KernelOperands world = new KernelOperands(kernels, n, c, h, w);
            kernels.averagePool(world.z, Window.OF_TWO, world.p);
            kernels.averagePoolGradient(world.dp, Window.OF_TWO, world.out);
            Tensor means = kernels.allocate(n, c, 1, 1);
            Tensor spread = kernels.allocate(n, c, h, w);
            kernels.averagePool(world.zDot, Window.whole(world.zDot), means);
            kernels.averagePoolGradient(means, Window.whole(spread), spread);
            kernels.addAndRectify(world.z, world.zDot);
            kernels.rectifyGradient(world.zDot, world.z);
            SplittableRandom same = new SplittableRandom(9);
            Tensor weights = filled(same, kernels, 20, c, 1, 1);
            Tensor y = filled(same, kernels, n, 20, h, w);
            Tensor dy = filled(same, kernels, n, 20, h, w);
            Tensor dx = filled(same, kernels, n, c, h, w);
            Tensor dw = filled(same, kernels, 20, c, 1, 1);
            kernels.convolve(world.z, weights, 0, y);
            kernels.convolutionGradients(world.z, weights, dy, 0, dx, dw);
            return List.of(world.p, world.out, means, spread, world.zDot, world.z, y, dx, dw);
        });
    }

    @ParameterizedTest(name = "{0} elements")
    @ValueSource(ints = {1, 15, 16, 49, 1000})
    @DisplayName("tensor sums and optimiser steps equal the generic ones for any size")
    protected void elementwiseMapsAgree(int size) {
        assertAgree(kernels -> {
            SplittableRandom same = new SplittableRandom(8);
            Tensor gradient = filled(same, kernels, size);
            Tensor parameter = filled(same, kernels, size);
            Tensor velocity = filled(same, kernels, size);
            Tensor sum = filled(same, kernels, size);
            kernels.add(gradient, sum);
            kernels.descend(parameter, velocity, gradient, new Sgd(0.1, 0.9, 5e-4));
            return List.of(sum, parameter, velocity);
        });
    }

    @ParameterizedTest(name = "{0} to {1} channels, {2}x{2}, padding {3}")
    @CsvSource({"1,6,12,3", "3,6,12,1", "5,6,8,1"})
    @DisplayName("the adjoint of a convolution is its adjoint: <w * x, y> = <x, adjoint(w) * y>")
    protected void convolutionPassesTheDotProductTest(int in, int out, int size, int padding) {
        for (Kernels kernels : List.of(plain, fused)) {
            SplittableRandom random = new SplittableRandom(6);
            int convolved = size + 2 * padding - 2;
            Tensor x = filled(random, kernels, 2, in, size, size);
            Tensor w = filled(random, kernels, out, in, 3, 3);
            Tensor y = filled(random, kernels, 2, out, convolved, convolved);
            Tensor wx = kernels.allocate(2, out, convolved, convolved);
            Tensor adjoint = kernels.allocate(in, out, 3, 3);
            Tensor wy = kernels.allocate(2, in, size, size);

            kernels.convolve(x, w, padding, wx);
            kernels.adjointWeights(w, adjoint);
            kernels.convolve(y, adjoint, 2 - padding, wy);

            double forward = inner(wx, y);
            double backward = inner(x, wy);
            assertThat(forward)
                    .isCloseTo(backward, offset((kernels == plain ? 1e-12 : 1e-5) * Math.abs(backward) + 1e-6));
        }
    }

    private void assertSame(Consumer<KernelOperands> pass, int n, int c, int h, int w) {
        assertAgree(kernels -> {
            KernelOperands operands = new KernelOperands(kernels, n, c, h, w);
            pass.accept(operands);
            return operands.results();
        });
    }

    private void assertAgree(Function<Kernels, List<Tensor>> results) {
        assertAgree(TOLERANCE, results);
    }

    private void assertAgree(double tolerance, Function<Kernels, List<Tensor>> results) {
        List<Tensor> expected = results.apply(plain);
        List<Tensor> actual = results.apply(fused);
        for (int i = 0; i < expected.size(); i++) {
            assertClose(actual.get(i), expected.get(i), tolerance);
        }
    }

    private static void assertClose(Tensor actual, Tensor expected, double tolerance) {
        double[] a = actual.toDoubles();
        double[] e = expected.toDoubles();
        double largest = 1e-3;
        for (double value : e) {
            largest = Math.max(largest, Math.abs(value));
        }
        double worst = 0;
        for (int i = 0; i < e.length; i++) {
            worst = Math.max(worst, Math.abs(a[i] - e[i]));
        }
        assertThat(worst / largest).isLessThan(tolerance);
    }
}
