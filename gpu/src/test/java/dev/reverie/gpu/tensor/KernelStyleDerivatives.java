package dev.reverie.gpu.tensor;

import static dev.reverie.gpu.tensor.KernelSlopes.assertClose;
import static dev.reverie.gpu.tensor.KernelSlopes.moved;
import static dev.reverie.gpu.tensor.KernelSlopes.slope;
import static dev.reverie.gpu.tensor.KernelTensors.inner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Kernels.Moments;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What the kernels of every engine fulfil for style terms: the gradients of Gram matrices and of moments are slopes, by
 * central differences in double precision.
 */
public abstract class KernelStyleDerivatives {

    private static final int IMAGES = 2;
    private static final int CHANNELS = 3;

    private final Kernels kernels;
    private final KernelTensors tensors;

    /**
     * Tests an engine.
     *
     * @param kernels kernels in double precision
     */
    protected KernelStyleDerivatives(Kernels kernels) {
        this.kernels = kernels;
        this.tensors = new KernelTensors(kernels);
    }

    @Test
    @DisplayName("a Gram matrix is the weighted sum, over samples and pixels, of the products of channels")
    protected void gramMatrices() {
        Tensor z = tensors.random(IMAGES, CHANNELS, 4, 5);
        double[] weights = {0.25, 2};
        double[] expected = new double[CHANNELS * CHANNELS];
        double[] planes = z.toDoubles();
        for (int i = 0; i < expected.length; i++) {
            for (int at = 0; at < IMAGES * 20; at++) {
                int sample = at / 20 * CHANNELS;
                double left = planes[(sample + i / CHANNELS) * 20 + at % 20];
                double right = planes[(sample + i % CHANNELS) * 20 + at % 20];
                expected[i] += weights[at / 20] * left * right;
            }
        }
        Tensor gram = tensors.random(CHANNELS, CHANNELS);

        kernels.gram(z, weights, gram);

        assertThat(gram.toDoubles()).containsExactly(expected, offset(1e-12));
    }

    @Test
    @DisplayName("the gradient of a Gram matrix is added, and is its slope")
    protected void gramGradientIsTheSlope() {
        Tensor z = tensors.random(IMAGES, CHANNELS, 4, 5);
        Tensor zDot = tensors.random(IMAGES, CHANNELS, 4, 5);
        Tensor dz = tensors.random(IMAGES, CHANNELS, 4, 5);
        Tensor gram = kernels.allocate(CHANNELS, CHANNELS);
        Tensor dGram = symmetric();
        double[] origin = z.toDoubles();
        double before = inner(dz, zDot);

        double[] difference = slope(step -> {
            z.write(0, moved(origin, zDot, step));
            kernels.gram(z, new double[] {1, 1}, gram);
            return new double[] {inner(gram, dGram)};
        });

        z.write(0, origin);
        kernels.addGramGradient(z, dGram, dz);
        assertClose(new double[] {2 * (inner(dz, zDot) - before)}, difference);
    }

    private Tensor symmetric() {
        double[] values = tensors.random(CHANNELS, CHANNELS).toDoubles();
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
        Tensor z = tensors.random(IMAGES, CHANNELS, 6, 6);
        Tensor zDot = tensors.random(IMAGES, CHANNELS, 6, 6);
        Tensor dz = tensors.random(IMAGES, CHANNELS, 6, 6);
        Moments byMoments = new Moments(tensors.random(CHANNELS), tensors.random(CHANNELS));
        InstanceNorm norm = new InstanceNorm(z, kernels.allocate(IMAGES, CHANNELS, 2), tensors.affine(CHANNELS));
        Tensor pooled = kernels.allocate(IMAGES, CHANNELS, 3, 3);
        double[] origin = z.toDoubles();
        double before = inner(dz, zDot);

        double[] difference = slope(step -> {
            z.write(0, moved(origin, zDot, step));
            kernels.normReluPool(norm, pooled);
            return new double[] {weighted(norm.statistics(), byMoments)};
        });

        z.write(0, origin);
        kernels.normReluPool(norm, pooled);
        kernels.addMomentsGradient(norm, byMoments, dz);
        assertClose(new double[] {inner(dz, zDot) - before}, difference);
    }

    /** The sum of the weighted means and deviations of all planes. */
    private static double weighted(Tensor statistics, Moments weights) {
        double[] planes = statistics.toDoubles();
        double[] means = weights.mean().toDoubles();
        double[] deviations = weights.deviation().toDoubles();
        double sum = 0;
        for (int plane = 0; plane < IMAGES * CHANNELS; plane++) {
            sum += means[plane % CHANNELS] * planes[2 * plane];
            sum += deviations[plane % CHANNELS] / planes[2 * plane + 1];
        }
        return sum;
    }
}
