package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.random.RandomGenerator;

/**
 * Moves an image-sized window by whole pixels: pixel (i, j) of the result is pixel (i + down, j + right) of the image,
 * or zero if that pixel lies outside the image. The adjoint moves the window back.
 *
 * @param down number of rows by which the window moves down (up if negative); random draws are at most about an eighth
 *     of the height
 * @param right number of columns by which the window moves right (left if negative); random draws are at most about an
 *     eighth of the width
 */
record Crop(ImageShape shape, int down, int right) implements AffineImageTransform {

    private static final double RATIO = 0.125;

    static Crop draw(ImageShape shape, RandomGenerator random) {
        return new Crop(shape, shift(shape.height(), random), shift(shape.width(), random));
    }

    private static int shift(int size, RandomGenerator random) {
        int most = reach(size);
        return random.nextInt(-most, most + 1);
    }

    /** The largest shift along a side of {@code size} pixels. */
    static int reach(int size) {
        return (int) Math.floor(RATIO * size + 0.5);
    }

    @Override
    public double[] apply(double[] image) {
        return moved(image, down, right);
    }

    @Override
    public double[] adjoint(double[] gradient) {
        return moved(gradient, -down, -right);
    }

    private double[] moved(double[] values, int rows, int columns) {
        double[] result = new double[values.length];
        int height = shape.height();
        int width = shape.width();
        int length = width - Math.abs(columns);
        int from = Math.max(columns, 0);
        int to = Math.max(-columns, 0);
        if (length <= 0) {
            return result;
        }
        for (int top = 0; top < values.length; top += shape.planeSize()) {
            for (int row = Math.max(-rows, 0); row < Math.min(height - rows, height); row++) {
                System.arraycopy(values, top + (row + rows) * width + from, result, top + row * width + to, length);
            }
        }
        return result;
    }
}
