package dev.reverie.gpu.tensor;

import static dev.reverie.gpu.tensor.KernelSlopes.assertClose;
import static dev.reverie.gpu.tensor.KernelSlopes.moved;
import static dev.reverie.gpu.tensor.KernelSlopes.slope;
import static dev.reverie.gpu.tensor.KernelTensors.inner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.reverie.gpu.tensor.Kernels.Affine;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the kernels of every engine fulfil: the four maps of each layer are the slopes and the adjoints of each other,
 * by central differences in double precision.
 */
public abstract class KernelDerivatives {

    private static final int IMAGES = 2;
    private static final int CHANNELS = 3;

    private final Kernels kernels;
    private final KernelTensors tensors;

    /**
     * Tests an engine.
     *
     * @param kernels kernels in double precision
     */
    protected KernelDerivatives(Kernels kernels) {
        this.kernels = kernels;
        this.tensors = new KernelTensors(kernels);
    }

    @ParameterizedTest(name = "{0}x{1}")
    @CsvSource({"8,8", "7,9", "2,2"})
    @DisplayName("the tangent of norm-ReLU-pool is the slope of its output, along input, scale and shift")
    protected void normReluPoolTangentIsTheSlopeOfTheOutput(int h, int w) {
        NormReluPoolBlock block = new NormReluPoolBlock(h, w);

        double[] difference = slope(step -> block.at(step).output().toDoubles());

        Tensor pDot = tensors.like(block.p);
        block.at(0).output();
        kernels.normReluPoolTangent(block.z, block.statistics, block.affine, block.zDot, block.affineDot, pDot);
        assertClose(pDot.toDoubles(), difference);
    }

    @ParameterizedTest(name = "{0}x{1}")
    @CsvSource({"8,8", "7,9", "2,2"})
    @DisplayName("the gradient of norm-ReLU-pool is the adjoint of its tangent")
    protected void normReluPoolGradientIsTheAdjointOfTheTangent(int h, int w) {
        NormReluPoolBlock block = new NormReluPoolBlock(h, w);
        block.output();
        Tensor pDot = tensors.like(block.p);
        kernels.normReluPoolTangent(block.z, block.statistics, block.affine, block.zDot, block.affineDot, pDot);

        block.gradient();

        double byOutput = inner(block.dp, pDot);
        double byInputs = inner(block.dz, block.zDot)
                + inner(block.dAffine.scale(), block.affineDot.scale())
                + inner(block.dAffine.shift(), block.affineDot.shift());
        assertThat(byInputs).isCloseTo(byOutput, offset(1e-12 * (1 + Math.abs(byOutput))));
    }

    @ParameterizedTest(name = "{0}x{1}")
    @CsvSource({"8,8", "7,9", "2,2"})
    @DisplayName("the tangent of norm-ReLU-pool's gradient is the slope of that gradient with respect to input,"
            + " scale and shift")
    protected void gradientTangentIsTheSlopeOfTheGradient(int h, int w) {
        NormReluPoolBlock block = new NormReluPoolBlock(h, w);

        double[] byInput = slope(step -> block.at(step).gradient().dz.toDoubles());
        double[] byScale =
                slope(step -> block.at(step).gradient().dAffine.scale().toDoubles());
        double[] byShift =
                slope(step -> block.at(step).gradient().dAffine.shift().toDoubles());

        block.at(0).output();
        Tensor dzDot = tensors.like(block.z);
        Affine dAffineDot = new Affine(kernels.allocate(CHANNELS), kernels.allocate(CHANNELS));
        kernels.normReluPoolGradientTangent(
                block.z,
                block.statistics,
                block.affine,
                block.zDot,
                block.affineDot,
                block.dp,
                block.dpDot,
                dzDot,
                dAffineDot);
        assertClose(dzDot.toDoubles(), byInput);
        assertClose(dAffineDot.scale().toDoubles(), byScale);
        assertClose(dAffineDot.shift().toDoubles(), byShift);
    }

    @ParameterizedTest(name = "{0} to {1} channels, padding {2}")
    @CsvSource({"1,4,3", "3,4,1", "4,4,1"})
    @DisplayName("both gradients of a convolution are its adjoints: <w * x, dy> = <x, dx> = <w, dw>")
    protected void convolutionGradientsAreAdjoints(int in, int out, int padding) {
        Tensor x = tensors.random(IMAGES, in, 8, 8);
        Tensor w = tensors.random(out, in, 3, 3);
        int size = 8 + 2 * padding - 2;
        Tensor dy = tensors.random(IMAGES, out, size, size);
        Tensor y = tensors.like(dy);
        Tensor dx = tensors.like(x);
        Tensor dw = tensors.like(w);
        Tensor separateDw = tensors.like(w);

        kernels.convolve(x, w, padding, y);
        kernels.convolutionGradients(x, w, dy, padding, dx, dw);
        kernels.weightGradient(x, dy, padding, separateDw);

        double expected = inner(y, dy);
        assertThat(inner(x, dx)).isCloseTo(expected, offset(1e-12 * (1 + Math.abs(expected))));
        assertThat(inner(w, dw)).isCloseTo(expected, offset(1e-12 * (1 + Math.abs(expected))));
        assertThat(separateDw.toDoubles()).containsExactly(dw.toDoubles(), offset(1e-12));
    }

    @Test
    @DisplayName("a matrix product of operands, transposed or not, equals the sum over rows and columns")
    protected void matrixProducts() {
        Tensor a = tensors.random(3, 5);
        Tensor b = tensors.random(5, 4);
        Tensor product = kernels.allocate(3, 4);
        Tensor transposed = kernels.allocate(4, 3);

        kernels.multiply(a, false, b, false, false, product);
        kernels.multiply(b, true, a, true, false, transposed);
        kernels.multiply(b, true, a, true, true, transposed);
        Tensor ofRows = kernels.allocate(3, 3);
        Tensor ofColumns = kernels.allocate(5, 5);
        kernels.multiply(a, false, a, true, false, ofRows);
        kernels.multiply(a, true, a, false, false, ofColumns);

        double[] left = a.toDoubles();
        double[] right = b.toDoubles();
        double[] twice = transposed.toDoubles();
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 4; j++) {
                int row = i;
                int column = j;
                double sum = sum(5, k -> left[row * 5 + k] * right[k * 4 + column]);
                assertThat(product.toDoubles()[i * 4 + j]).isCloseTo(sum, offset(1e-12));
                assertThat(twice[j * 3 + i]).isCloseTo(2 * sum, offset(1e-12));
            }
        }
        assertThat(ofRows.toDoubles())
                .containsExactly(square(3, (i, j) -> sum(5, k -> left[i * 5 + k] * left[j * 5 + k])), offset(1e-12));
        assertThat(ofColumns.toDoubles())
                .containsExactly(square(5, (i, j) -> sum(3, k -> left[k * 5 + i] * left[k * 5 + j])), offset(1e-12));
    }

    private static double sum(int terms, IntToDoubleFunction term) {
        return IntStream.range(0, terms).mapToDouble(term).sum();
    }

    /** The elements of a square matrix, row-major. */
    private static double[] square(int size, ToDoubleBiFunction<Integer, Integer> element) {
        return IntStream.range(0, size * size)
                .mapToDouble(index -> element.applyAsDouble(index / size, index % size))
                .toArray();
    }

    /** A norm-ReLU-pool block whose input moves along a direction. */
    private final class NormReluPoolBlock {

        private final double[] origin;
        private final double[] scaleOrigin;
        private final double[] shiftOrigin;
        private final double[] dpOrigin;
        final Tensor z;
        final Tensor zDot;
        final Affine affine;
        final Affine affineDot;
        final Tensor statistics = kernels.allocate(IMAGES, CHANNELS, 2);
        final Tensor p;
        final Tensor dp;
        final Tensor dpDot;
        final Tensor dz;
        final Affine dAffine = new Affine(kernels.allocate(CHANNELS), kernels.allocate(CHANNELS));

        NormReluPoolBlock(int h, int w) {
            z = tensors.random(IMAGES, CHANNELS, h, w);
            zDot = tensors.random(IMAGES, CHANNELS, h, w);
            affine = new Affine(tensors.random(CHANNELS), tensors.random(CHANNELS));
            affineDot = new Affine(tensors.random(CHANNELS), tensors.random(CHANNELS));
            p = kernels.allocate(IMAGES, CHANNELS, h / 2, w / 2);
            dp = tensors.random(IMAGES, CHANNELS, h / 2, w / 2);
            dpDot = tensors.random(IMAGES, CHANNELS, h / 2, w / 2);
            dz = tensors.random(IMAGES, CHANNELS, h, w);
            origin = z.toDoubles();
            scaleOrigin = affine.scale().toDoubles();
            shiftOrigin = affine.shift().toDoubles();
            dpOrigin = dp.toDoubles();
        }

        NormReluPoolBlock at(double step) {
            z.write(0, moved(origin, zDot, step));
            affine.scale().write(0, moved(scaleOrigin, affineDot.scale(), step));
            affine.shift().write(0, moved(shiftOrigin, affineDot.shift(), step));
            dp.write(0, moved(dpOrigin, dpDot, step));
            return this;
        }

        Tensor output() {
            kernels.normReluPool(z, affine, statistics, p);
            return p;
        }

        NormReluPoolBlock gradient() {
            output();
            kernels.normReluPoolGradient(z, statistics, affine, dp, dz, dAffine);
            return this;
        }
    }
}
