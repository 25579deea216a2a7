package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.random.RandomGenerator;

/**
 * Changes brightness, then saturation, then contrast, as in differentiable augmentation (Zhao et al., 2020), in one
 * pass.
 *
 * <p>Let P x be the mean of each pixel over the channels, and M x the mean over the whole image. The three maps are
 * then x + b, s x + (1 - s) P x and c x + (1 - c) M x. Changing the saturation preserves P x and therefore M x, so the
 * composition is c s x + c (1 - s) P x + (1 - c) M x + b. Its linear part is its own adjoint, because P and M are
 * symmetric.
 *
 * @param brightness b, added to every value; random draws lie in [-0.5, 0.5)
 * @param saturation s, the factor that scales each value's distance from the mean of its pixel; random draws lie in [0,
 *     2); has no effect on grey images
 * @param contrast c, the factor that scales each value's distance from the mean of the image; random draws lie in [0.5,
 *     1.5)
 */
record ColourJitter(ImageShape shape, double brightness, double saturation, double contrast)
        implements AffineImageTransform {

    static ColourJitter draw(ImageShape shape, RandomGenerator random) {
        return new ColourJitter(shape, random.nextDouble() - 0.5, 2 * random.nextDouble(), random.nextDouble() + 0.5);
    }

    @Override
    public double[] apply(double[] image) {
        return transformed(image, brightness, new double[image.length]);
    }

    @Override
    public double[] applyInPlace(double[] image) {
        return transformed(image, brightness, image);
    }

    @Override
    public double[] adjoint(double[] gradient) {
        return transformed(gradient, 0, new double[gradient.length]);
    }

    private double[] transformed(double[] values, double offset, double[] result) {
        double own = contrast * saturation;
        double grey = contrast * (1 - saturation) / shape.channels();
        double constant = (1 - contrast) * mean(values) + offset;
        int plane = shape.planeSize();
        for (int pixel = 0; pixel < plane; pixel++) {
            double sum = 0;
            for (int i = pixel; i < values.length; i += plane) {
                sum += values[i];
            }
            double shared = grey * sum + constant;
            for (int i = pixel; i < values.length; i += plane) {
                result[i] = own * values[i] + shared;
            }
        }
        return result;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
