package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.random.RandomGenerator;

/** Flips an image horizontally. The map is its own adjoint. */
record Flip(ImageShape shape) implements AffineImageTransform {

    /** Draws a flip or the identity, with equal probability. */
    static AffineImageTransform draw(ImageShape shape, RandomGenerator random) {
        return random.nextBoolean() ? new Flip(shape) : AffineImageTransform.identity();
    }

    @Override
    public double[] apply(double[] image) {
        double[] result = new double[image.length];
        int width = shape.width();
        for (int row = 0; row < image.length; row += width) {
            for (int column = 0; column < width; column++) {
                result[row + column] = image[row + width - 1 - column];
            }
        }
        return result;
    }

    @Override
    public double[] adjoint(double[] gradient) {
        return apply(gradient);
    }
}
