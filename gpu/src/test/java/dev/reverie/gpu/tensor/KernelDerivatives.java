package dev.reverie.gpu.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Kernels.Moments;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the kernels of every engine fulfil: the four maps of each layer are the slopes and the adjoints of each other,
 * by central differences in double precision.
 */
public abstract class KernelDerivatives {

    /** Small enough that no ReLU switches. */
    private static final double STEP = 1e-6;

    private static final double TOLERANCE = 1e-6;
    private static final int IMAGES = 2;
    private static final int CHANNELS = 3;

    private final Kernels kernels;
    private final SplittableRandom random = new SplittableRandom(21);

    /**
     * Tests an engine.
     *
     * @param kernels kernels in double precision
     */
    protected KernelDerivatives(Kernels kernels) {
        this.kernels = kernels;
    }

    @ParameterizedTest(name = "{0}x{1}")
    @CsvSource({"8,8", "7,9", "2,2"})
    @DisplayName("the tangent of norm-ReLU-pool is the slope of its output, along input, scale and shift")
    protected void normReluPoolTangentIsTheSlopeOfTheOutput(int h, int w) {
        NormReluPoolBlock block = new NormReluPoolBlock(h, w);

        double[] difference = slope(step -> values(block.at(step).output()));

        Tensor pDot = like(block.p);
        block.at(0).output();
        kernels.normReluPoolTangent(block.z, block.statistics, block.affine, block.zDot, block.affineDot, pDot);
        assertClose(values(pDot), difference);
    }

    @ParameterizedTest(name = "{0}x{1}")
    @CsvSource({"8,8", "7,9", "2,2"})
    @DisplayName("the gradient of norm-ReLU-pool is the adjoint of its tangent")
    protected void normReluPoolGradientIsTheAdjointOfTheTangent(int h, int w) {
        NormReluPoolBlock block = new NormReluPoolBlock(h, w);
        block.output();
        Tensor pDot = like(block.p);
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

        double[] byInput = slope(step -> values(block.at(step).gradient().dz));
        double[] byScale =
                slope(step -> values(block.at(step).gradient().dAffine.scale()));
        double[] byShift =
                slope(step -> values(block.at(step).gradient().dAffine.shift()));

        block.at(0).output();
        Tensor dzDot = like(block.z);
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
        assertClose(values(dzDot), byInput);
        assertClose(values(dAffineDot.scale()), byScale);
        assertClose(values(dAffineDot.shift()), byShift);
    }

    @ParameterizedTest(name = "{0} to {1} channels, padding {2}")
    @CsvSource({"1,4,3", "3,4,1", "4,4,1"})
    @DisplayName("both gradients of a convolution are its adjoints: <w * x, dy> = <x, dx> = <w, dw>")
    protected void convolutionGradientsAreAdjoints(int in, int out, int padding) {
        Tensor x = random(IMAGES, in, 8, 8);
        Tensor w = random(out, in, 3, 3);
        int size = 8 + 2 * padding - 2;
        Tensor dy = random(IMAGES, out, size, size);
        Tensor y = like(dy);
        Tensor dx = like(x);
        Tensor dw = like(w);
        Tensor separateDw = like(w);

        kernels.convolve(x, w, padding, y);
        kernels.convolutionGradients(x, w, dy, padding, dx, dw);
        kernels.weightGradient(x, dy, padding, separateDw);

        double expected = inner(y, dy);
        assertThat(inner(x, dx)).isCloseTo(expected, offset(1e-12 * (1 + Math.abs(expected))));
        assertThat(inner(w, dw)).isCloseTo(expected, offset(1e-12 * (1 + Math.abs(expected))));
        assertThat(values(separateDw)).containsExactly(values(dw), offset(1e-12));
    }

    @Test
    @DisplayName("a Gram matrix is the weighted sum, over samples and pixels, of the products of channels")
    protected void gramMatrices() {
        Tensor z = random(IMAGES, CHANNELS, 4, 5);
        double[] weights = {0.25, 2};
        double[] expected = new double[CHANNELS * CHANNELS];
        double[] planes = values(z);
        for (int i = 0; i < expected.length; i++) {
            for (int at = 0; at < IMAGES * 20; at++) {
                int sample = at / 20 * CHANNELS;
                double left = planes[(sample + i / CHANNELS) * 20 + at % 20];
                double right = planes[(sample + i % CHANNELS) * 20 + at % 20];
                expected[i] += weights[at / 20] * left * right;
            }
        }
        Tensor gram = random(CHANNELS, CHANNELS);

        kernels.gram(z, weights, gram);

        assertThat(values(gram)).containsExactly(expected, offset(1e-12));
    }

    @Test
    @DisplayName("the gradient of a Gram matrix is added, and is its slope")
    protected void gramGradientIsTheSlope() {
        Tensor z = random(IMAGES, CHANNELS, 4, 5);
        Tensor zDot = random(IMAGES, CHANNELS, 4, 5);
        Tensor dz = random(IMAGES, CHANNELS, 4, 5);
        Tensor gram = kernels.allocate(CHANNELS, CHANNELS);
        Tensor dGram = symmetric();
        double[] origin = values(z);
        double before = inner(dz, zDot);

        double[] difference = slope(step -> {
            z.write(0, moved(origin, zDot, step));
            kernels.gram(z, new double[] {1, 1}, gram);
            return new double[] {inner(gram, dGram)};
        });

        z.write(0, origin);
        kernels.addGramGradient(z, dGram, dz);
        assertThat(2 * (inner(dz, zDot) - before))
                .isCloseTo(difference[0], offset(TOLERANCE * Math.abs(difference[0])));
    }

    private Tensor symmetric() {
        double[] values = values(random(CHANNELS, CHANNELS));
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i % CHANNELS * CHANNELS + i / CHANNELS];
        }
        Tensor tensor = kernels.allocate(CHANNELS, CHANNELS);
        tensor.write(0, values);
        return tensor;
    }

    @Test
    @DisplayName("the gradient of the mean and the deviation of planes is added, and is their slope")
    protected void momentsGradientIsTheSlope() {
        NormReluPoolBlock block = new NormReluPoolBlock(6, 6);
        Moments byMoments = new Moments(random(CHANNELS), random(CHANNELS));
        double before = inner(block.dz, block.zDot);

        double[] difference = slope(step -> {
            block.at(step).output();
            return new double[] {weighted(block.statistics, byMoments)};
        });

        block.at(0).output();
        kernels.addMomentsGradient(block.z, block.statistics, byMoments, block.dz);
        assertThat(inner(block.dz, block.zDot) - before)
                .isCloseTo(difference[0], offset(TOLERANCE * Math.abs(difference[0])));
    }

    /** The sum of the weighted means and deviations of all planes. */
    private static double weighted(Tensor statistics, Moments weights) {
        double[] planes = values(statistics);
        double[] means = values(weights.mean());
        double[] deviations = values(weights.deviation());
        double sum = 0;
        for (int plane = 0; plane < IMAGES * CHANNELS; plane++) {
            sum += means[plane % CHANNELS] * planes[2 * plane];
            sum += deviations[plane % CHANNELS] / planes[2 * plane + 1];
        }
        return sum;
    }

    @Test
    @DisplayName("a matrix product of operands, transposed or not, equals the sum over rows and columns")
    protected void matrixProducts() {
        Tensor a = random(3, 5);
        Tensor b = random(5, 4);
        Tensor product = kernels.allocate(3, 4);
        Tensor turned = kernels.allocate(4, 3);

        kernels.multiply(a, false, b, false, false, product);
        kernels.multiply(b, true, a, true, false, turned);
        kernels.multiply(b, true, a, true, true, turned);

        double[] left = values(a);
        double[] right = values(b);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 4; j++) {
                double sum = 0;
                for (int k = 0; k < 5; k++) {
                    sum += left[i * 5 + k] * right[k * 4 + j];
                }
                assertThat(values(product)[i * 4 + j]).isCloseTo(sum, offset(1e-12));
                assertThat(values(turned)[j * 3 + i]).isCloseTo(2 * sum, offset(1e-12));
            }
        }
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
            z = random(IMAGES, CHANNELS, h, w);
            zDot = random(IMAGES, CHANNELS, h, w);
            affine = new Affine(random(CHANNELS), random(CHANNELS));
            affineDot = new Affine(random(CHANNELS), random(CHANNELS));
            p = kernels.allocate(IMAGES, CHANNELS, h / 2, w / 2);
            dp = random(IMAGES, CHANNELS, h / 2, w / 2);
            dpDot = random(IMAGES, CHANNELS, h / 2, w / 2);
            dz = random(IMAGES, CHANNELS, h, w);
            origin = values(z);
            scaleOrigin = values(affine.scale());
            shiftOrigin = values(affine.shift());
            dpOrigin = values(dp);
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

    private static double[] slope(DoubleFunction<double[]> curve) {
        double[] ahead = curve.apply(STEP).clone();
        double[] behind = curve.apply(-STEP).clone();
        for (int i = 0; i < ahead.length; i++) {
            ahead[i] = (ahead[i] - behind[i]) / (2 * STEP);
        }
        return ahead;
    }

    private static double[] moved(double[] origin, Tensor direction, double step) {
        double[] moved = values(direction);
        for (int i = 0; i < moved.length; i++) {
            moved[i] = origin[i] + step * moved[i];
        }
        return moved;
    }

    /** Relative to the largest component: rounding in a difference is absolute. */
    private static void assertClose(double[] actual, double[] expected) {
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        assertThat(largest).isPositive();
        assertThat(worst / largest).isLessThan(TOLERANCE);
    }

    private Tensor random(int... shape) {
        Tensor tensor = kernels.allocate(shape);
        tensor.write(0, random.doubles(tensor.size(), -1, 1).toArray());
        return tensor;
    }

    private Tensor like(Tensor other) {
        return kernels.allocate(other.shape());
    }

    private static double inner(Tensor a, Tensor b) {
        double[] x = values(a);
        double[] y = values(b);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.size())];
        tensor.read(0, values);
        return values;
    }
}
