package dev.reverie.gpu.tensor;

import static dev.reverie.gpu.tensor.KernelSlopes.assertClose;
import static dev.reverie.gpu.tensor.KernelSlopes.moved;
import static dev.reverie.gpu.tensor.KernelSlopes.slope;
import static dev.reverie.gpu.tensor.KernelTensors.inner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Kernels.NormDerivative;
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
        kernels.normReluPoolTangent(block.norm, block.normDot, pDot);
        assertClose(pDot.toDoubles(), difference);
    }

    @ParameterizedTest(name = "{0}x{1}")
    @CsvSource({"8,8", "7,9", "2,2"})
    @DisplayName("the gradient of norm-ReLU-pool is the adjoint of its tangent")
    protected void normReluPoolGradientIsTheAdjointOfTheTangent(int h, int w) {
        NormReluPoolBlock block = new NormReluPoolBlock(h, w);
        block.output();
        Tensor pDot = tensors.like(block.p);
        kernels.normReluPoolTangent(block.norm, block.normDot, pDot);

        block.gradient();

        double byOutput = inner(block.dp, pDot);
        double byInputs = inner(block.dNorm.z(), block.normDot.z())
                + inner(block.dNorm.affine().scale(), block.normDot.affine().scale())
                + inner(block.dNorm.affine().shift(), block.normDot.affine().shift());
        assertThat(byInputs).isCloseTo(byOutput, offset(1e-12 * (1 + Math.abs(byOutput))));
    }

    @ParameterizedTest(name = "{0}x{1}")
    @CsvSource({"8,8", "7,9", "2,2"})
    @DisplayName("the tangent of norm-ReLU-pool's gradient is the slope of that gradient with respect to input,"
            + " scale and shift")
    protected void gradientTangentIsTheSlopeOfTheGradient(int h, int w) {
        NormReluPoolBlock block = new NormReluPoolBlock(h, w);

        double[] byInput = slope(step -> block.at(step).gradient().z().toDoubles());
        double[] byScale =
                slope(step -> block.at(step).gradient().affine().scale().toDoubles());
        double[] byShift =
                slope(step -> block.at(step).gradient().affine().shift().toDoubles());

        block.at(0).output();
        NormDerivative dNormDot = new NormDerivative(tensors.like(block.norm.z()), tensors.affine(CHANNELS));
        kernels.normReluPoolGradientTangent(block.norm, block.normDot, block.dp, block.dpDot, dNormDot);
        assertClose(dNormDot.z().toDoubles(), byInput);
        assertClose(dNormDot.affine().scale().toDoubles(), byScale);
        assertClose(dNormDot.affine().shift().toDoubles(), byShift);
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

        kernels.multiply(Factor.of(a), Factor.of(b), false, product);
        kernels.multiply(Factor.transposed(b), Factor.transposed(a), false, transposed);
        kernels.multiply(Factor.transposed(b), Factor.transposed(a), true, transposed);
        Tensor ofRows = kernels.allocate(3, 3);
        Tensor ofColumns = kernels.allocate(5, 5);
        kernels.multiply(Factor.of(a), Factor.transposed(a), false, ofRows);
        kernels.multiply(Factor.transposed(a), Factor.of(a), false, ofColumns);

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
        final InstanceNorm norm;
        final NormDerivative normDot;
        final NormDerivative dNorm;
        final Tensor p;
        final Tensor dp;
        final Tensor dpDot;

        NormReluPoolBlock(int h, int w) {
            Tensor z = tensors.random(IMAGES, CHANNELS, h, w);
            norm = new InstanceNorm(z, kernels.allocate(IMAGES, CHANNELS, 2), tensors.affine(CHANNELS));
            normDot = new NormDerivative(tensors.random(IMAGES, CHANNELS, h, w), tensors.affine(CHANNELS));
            dNorm = new NormDerivative(tensors.random(IMAGES, CHANNELS, h, w), tensors.affine(CHANNELS));
            p = kernels.allocate(IMAGES, CHANNELS, h / 2, w / 2);
            dp = tensors.random(IMAGES, CHANNELS, h / 2, w / 2);
            dpDot = tensors.random(IMAGES, CHANNELS, h / 2, w / 2);
            origin = z.toDoubles();
            scaleOrigin = norm.affine().scale().toDoubles();
            shiftOrigin = norm.affine().shift().toDoubles();
            dpOrigin = dp.toDoubles();
        }

        NormReluPoolBlock at(double step) {
            norm.z().write(0, moved(origin, normDot.z(), step));
            norm.affine().scale().write(0, moved(scaleOrigin, normDot.affine().scale(), step));
            norm.affine().shift().write(0, moved(shiftOrigin, normDot.affine().shift(), step));
            dp.write(0, moved(dpOrigin, dpDot, step));
            return this;
        }

        Tensor output() {
            kernels.normReluPool(norm, p);
            return p;
        }

        NormDerivative gradient() {
            output();
            kernels.normReluPoolGradient(norm, dp, dNorm);
            return dNorm;
        }
    }
}
