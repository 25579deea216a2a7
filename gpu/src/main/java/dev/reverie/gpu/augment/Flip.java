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
        return applyInPlace(image.clone());
    }

    @Override
    public double[] applyInPlace(double[] image) {
        int width = shape.width();
        for (int row = 0; row < image.length; row += width) {
            for (int left = row, right = row + width - 1; left < right; left++, right--) {
                double value = image[left];
                image[left] = image[right];
                image[right] = value;
            }
        }
        return image;
    }

    @Override
    public double[] adjoint(double[] gradient) {
        return apply(gradient);
    }
}
