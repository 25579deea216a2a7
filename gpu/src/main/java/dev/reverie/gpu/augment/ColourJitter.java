package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.random.RandomGenerator;

/**
 * Brightness, then saturation, then contrast of differentiable augmentation (Zhao et al., 2020), in one pass.
 *
 * <p>With P the mean over the channels of each pixel and M the mean over the whole image, the three are x + b, s x + (1
 * - s) P x and c x + (1 - c) M x. Saturation keeps every pixel's mean, hence also M, so together they are c s x + c (1
 * - s) P x + (1 - c) M x + b. I, P and M are symmetric: the linear part is its own adjoint.
 *
 * @param brightness b, added to every value, in [-0.5, 0.5) when drawn
 * @param saturation s, factor of the distance to the pixel's grey, in [0, 2) when drawn; without effect on one channel
 * @param contrast c, factor of the distance to the image's mean, in [0.5, 1.5) when drawn
 */
record ColourJitter(ImageShape shape, double brightness, double saturation, double contrast)
        implements AffineImageTransform {

    static ColourJitter draw(ImageShape shape, RandomGenerator random) {
        return new ColourJitter(shape, random.nextDouble() - 0.5, 2 * random.nextDouble(), random.nextDouble() + 0.5);
    }

    @Override
    public double[] apply(double[] image) {
        return transformed(image, brightness);
    }

    @Override
    public double[] adjoint(double[] gradient) {
        return transformed(gradient, 0);
    }

    private double[] transformed(double[] values, double offset) {
        double own = contrast * saturation;
        double grey = contrast * (1 - saturation) / shape.channels();
        double constant = (1 - contrast) * mean(values) + offset;
        double[] result = new double[values.length];
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
