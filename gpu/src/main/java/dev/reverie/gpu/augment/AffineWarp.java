package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.random.RandomGenerator;

/**
 * Samples an image bilinearly on a linearly transformed grid; points outside the image are zero. Coordinates run from
 * -1 to 1 between the outer edges of the border pixels ("align corners" is false): the centre of column j of w is at (2
 * j + 1) / w - 1.
 */
final class AffineWarp extends BilinearSampling {

    private static final double LARGEST_SCALE = 1.2;
    private static final double LARGEST_ANGLE = 15;

    /** The result at (x, y) is the value of the image at (xx x + xy y, yx x + yy y). */
    private AffineWarp(ImageShape shape, double xx, double xy, double yx, double yy) {
        super(shape, new Grid() {
            @Override
            public double row(int row, int column) {
                return ((yx * x(column) + yy * y(row) + 1) * shape.height() - 1) / 2;
            }

            @Override
            public double column(int row, int column) {
                return ((xx * x(column) + xy * y(row) + 1) * shape.width() - 1) / 2;
            }

            private double x(int column) {
                return (2 * column + 1.0) / shape.width() - 1;
            }

            private double y(int row) {
                return (2 * row + 1.0) / shape.height() - 1;
            }
        });
    }

    /**
     * Stretches the grid. A factor above 1 shrinks the image.
     *
     * @param horizontal factor by which the grid is stretched horizontally, positive
     * @param vertical factor by which the grid is stretched vertically, positive
     */
    static AffineWarp scale(ImageShape shape, double horizontal, double vertical) {
        return new AffineWarp(shape, horizontal, 0, 0, vertical);
    }

    /**
     * Rotates the grid by an angle in degrees, in coordinates that run from -1 to 1 on both axes even if the image is
     * not square.
     */
    static AffineWarp rotation(ImageShape shape, double degrees) {
        double angle = Math.toRadians(degrees);
        return new AffineWarp(shape, Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle));
    }

    /** Draws both factors uniformly between 1 / 1.2 and 1.2. */
    static AffineWarp drawScale(ImageShape shape, RandomGenerator random) {
        double least = 1 / LARGEST_SCALE;
        return scale(shape, random.nextDouble(least, LARGEST_SCALE), random.nextDouble(least, LARGEST_SCALE));
    }

    /** Draws an angle uniformly between -15 and 15 degrees. */
    static AffineWarp drawRotation(ImageShape shape, RandomGenerator random) {
        return rotation(shape, random.nextDouble(-LARGEST_ANGLE, LARGEST_ANGLE));
    }
}
