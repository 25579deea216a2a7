package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.random.RandomGenerator;

/**
 * Samples an image bilinearly on a linearly transformed grid; points outside the image are zero. Coordinates run from
 * -1 to 1 between the outer edges of the border pixels ("align corners" is false): the centre of column j of w is at (2
 * j + 1) / w - 1.
 *
 * <p>Each result pixel is a weighted sum of four image pixels, with the same positions and weights in all channels.
 * Positions and weights are computed once, because one draw can serve a whole batch.
 */
final class AffineWarp implements AffineImageTransform {

    private static final double LARGEST_SCALE = 1.2;
    private static final double LARGEST_ANGLE = 15;
    private static final int TAPS = 4;

    private final ImageShape shape;
    private final int[] sources;
    private final double[] weights;

    /** The result at (x, y) is the value of the image at (xx x + xy y, yx x + yy y). */
    private AffineWarp(ImageShape shape, double xx, double xy, double yx, double yy) {
        this.shape = shape;
        this.sources = new int[TAPS * shape.planeSize()];
        this.weights = new double[TAPS * shape.planeSize()];
        int height = shape.height();
        int width = shape.width();
        for (int row = 0, tap = 0; row < height; row++) {
            double y = (2 * row + 1.0) / height - 1;
            for (int column = 0; column < width; column++, tap += TAPS) {
                double x = (2 * column + 1.0) / width - 1;
                place(tap, ((xx * x + xy * y + 1) * width - 1) / 2, ((yx * x + yy * y + 1) * height - 1) / 2);
            }
        }
    }

    private void place(int tap, double column, double row) {
        int left = (int) Math.floor(column);
        int top = (int) Math.floor(row);
        double right = column - left;
        double below = row - top;
        place(tap, top, left, (1 - below) * (1 - right));
        place(tap + 1, top, left + 1, (1 - below) * right);
        place(tap + 2, top + 1, left, below * (1 - right));
        place(tap + 3, top + 1, left + 1, below * right);
    }

    private void place(int tap, int row, int column, double weight) {
        boolean inside = row >= 0 && row < shape.height() && column >= 0 && column < shape.width();
        sources[tap] = inside ? row * shape.width() + column : 0;
        weights[tap] = inside ? weight : 0;
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

    @Override
    public double[] apply(double[] image) {
        double[] result = new double[image.length];
        int plane = shape.planeSize();
        for (int start = 0; start < image.length; start += plane) {
            for (int pixel = 0, tap = 0; pixel < plane; pixel++, tap += TAPS) {
                result[start + pixel] = weights[tap] * image[start + sources[tap]]
                        + weights[tap + 1] * image[start + sources[tap + 1]]
                        + weights[tap + 2] * image[start + sources[tap + 2]]
                        + weights[tap + 3] * image[start + sources[tap + 3]];
            }
        }
        return result;
    }

    @Override
    public double[] adjoint(double[] gradient) {
        double[] result = new double[gradient.length];
        int plane = shape.planeSize();
        for (int start = 0; start < gradient.length; start += plane) {
            for (int pixel = 0, tap = 0; pixel < plane; pixel++, tap += TAPS) {
                double value = gradient[start + pixel];
                result[start + sources[tap]] += weights[tap] * value;
                result[start + sources[tap + 1]] += weights[tap + 1] * value;
                result[start + sources[tap + 2]] += weights[tap + 2] * value;
                result[start + sources[tap + 3]] += weights[tap + 3] * value;
            }
        }
        return result;
    }
}
