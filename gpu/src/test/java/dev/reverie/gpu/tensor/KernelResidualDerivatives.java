package dev.reverie.gpu.tensor;

import static dev.reverie.gpu.tensor.KernelSlopes.assertClose;
import static dev.reverie.gpu.tensor.KernelSlopes.moved;
import static dev.reverie.gpu.tensor.KernelSlopes.slope;
import static dev.reverie.gpu.tensor.KernelTensors.inner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Kernels.NormDerivative;
import dev.reverie.gpu.tensor.Kernels.Window;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the kernels of every engine fulfil for residual blocks: gradients are slopes, by central differences in double
 * precision, or the adjoints of linear maps.
 */
public abstract class KernelResidualDerivatives {

    private static final int IMAGES = 2;
    private static final int CHANNELS = 3;

    /** As many as a GPU needs to compute the weight gradient of a 3x3 convolution as a product of matrices. */
    private static final int OUTPUTS = 64;

    private final Kernels kernels;
    private final KernelTensors tensors;

    /**
     * Tests an engine.
     *
     * @param kernels kernels in double precision
     */
    protected KernelResidualDerivatives(Kernels kernels) {
        this.kernels = kernels;
        this.tensors = new KernelTensors(kernels);
    }

    @ParameterizedTest(name = "rectified: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("the gradient of a normalisation is the slope of its output along input, scale and shift")
    protected void normaliseGradientIsTheSlope(boolean rectified) {
        Tensor z = tensors.random(IMAGES, CHANNELS, 5, 7);
        Tensor zDot = tensors.random(IMAGES, CHANNELS, 5, 7);
        Tensor dy = tensors.random(IMAGES, CHANNELS, 5, 7);
        Tensor y = tensors.like(z);
        Affine affine = tensors.affine(CHANNELS);
        Affine affineDot = tensors.affine(CHANNELS);
        InstanceNorm norm = new InstanceNorm(z, kernels.allocate(IMAGES, CHANNELS, 2), affine);
        NormDerivative dNorm = new NormDerivative(tensors.like(z), tensors.affine(CHANNELS));
        double[][] origins = {
            z.toDoubles(), affine.scale().toDoubles(), affine.shift().toDoubles()
        };

        double[] difference = slope(step -> {
            z.write(0, moved(origins[0], zDot, step));
            affine.scale().write(0, moved(origins[1], affineDot.scale(), step));
            affine.shift().write(0, moved(origins[2], affineDot.shift(), step));
            kernels.normalise(norm, rectified, y);
            return new double[] {inner(dy, y)};
        });

        z.write(0, origins[0]);
        affine.scale().write(0, origins[1]);
        affine.shift().write(0, origins[2]);
        kernels.normalise(norm, rectified, y);
        kernels.normaliseGradient(norm, rectified, dy, dNorm);
        double slope = inner(dNorm.z(), zDot)
                + inner(dNorm.affine().scale(), affineDot.scale())
                + inner(dNorm.affine().shift(), affineDot.shift());
        assertClose(new double[] {slope}, difference);
    }

    @Test
    @DisplayName("the gradient of a rectified sum is its slope along each operand")
    protected void rectifyGradientIsTheSlope() {
        Tensor x = tensors.random(IMAGES, CHANNELS, 3, 4);
        Tensor xDot = tensors.like(x);
        Tensor y = tensors.random(IMAGES, CHANNELS, 3, 4);
        Tensor dy = tensors.random(IMAGES, CHANNELS, 3, 4);
        double[] origin = x.toDoubles();
        double[] added = y.toDoubles();
        xDot.fill(1);
        double[] above = dy.toDoubles();

        double[] difference = slope(step -> {
            x.write(0, moved(origin, xDot, step));
            y.write(0, added);
            kernels.addAndRectify(x, y);
            return y.toDoubles();
        });

        kernels.rectifyGradient(y, dy);
        for (int i = 0; i < above.length; i++) {
            difference[i] *= above[i];
        }
        assertClose(dy.toDoubles(), difference);
    }

    @ParameterizedTest(name = "{0}x{1} by windows of {2}x{3}")
    @CsvSource({"8,8,2,2", "7,9,2,2", "3,3,2,2", "4,4,4,4", "5,3,5,3"})
    @DisplayName("average pooling has the mean of each window, and its gradient is its adjoint")
    protected void averagePooling(int h, int w, int height, int width) {
        Window window = new Window(height, width);
        int rows = h / height;
        int columns = w / width;
        Tensor x = tensors.random(IMAGES, CHANNELS, h, w);
        Tensor p = tensors.random(IMAGES, CHANNELS, rows, columns);
        Tensor dp = tensors.random(IMAGES, CHANNELS, rows, columns);
        Tensor dx = tensors.random(IMAGES, CHANNELS, h, w);

        kernels.averagePool(x, window, p);
        kernels.averagePoolGradient(dp, window, dx);

        double[] pixels = x.toDoubles();
        double[] means = new double[IMAGES * CHANNELS * rows * columns];
        for (int plane = 0; plane < IMAGES * CHANNELS; plane++) {
            for (int i = 0; i < rows * height; i++) {
                for (int j = 0; j < columns * width; j++) {
                    means[(plane * rows + i / height) * columns + j / width] +=
                            pixels[(plane * h + i) * w + j] / (height * width);
                }
            }
        }
        assertThat(p.toDoubles()).containsExactly(means, offset(1e-12));
        assertThat(inner(x, dx)).isCloseTo(inner(p, dp), offset(1e-12));
    }

    @Test
    @DisplayName("both gradients of a 1x1 convolution are its adjoints, and so is the convolution with its adjoint")
    protected void pointwiseConvolution() {
        Tensor x = tensors.random(IMAGES, 4, 5, 5);
        Tensor w = tensors.random(OUTPUTS, 4, 1, 1);
        Tensor dy = tensors.random(IMAGES, OUTPUTS, 5, 5);
        Tensor y = tensors.like(dy);
        Tensor dx = tensors.like(x);
        Tensor dw = tensors.like(w);
        Tensor separateDw = tensors.like(w);
        Tensor adjoint = kernels.allocate(4, OUTPUTS, 1, 1);
        Tensor separateDx = tensors.like(x);

        kernels.convolve(x, w, 0, y);
        kernels.convolutionGradients(x, w, dy, 0, dx, dw);
        kernels.weightGradient(x, dy, 0, separateDw);
        kernels.adjointWeights(w, adjoint);
        kernels.convolve(dy, adjoint, 0, separateDx);

        double expected = inner(y, dy);
        assertThat(inner(x, dx)).isCloseTo(expected, offset(1e-12 * (1 + Math.abs(expected))));
        assertThat(inner(w, dw)).isCloseTo(expected, offset(1e-12 * (1 + Math.abs(expected))));
        assertThat(separateDw.toDoubles()).containsExactly(dw.toDoubles(), offset(1e-12));
        assertThat(separateDx.toDoubles()).containsExactly(dx.toDoubles(), offset(1e-12));
    }
}
