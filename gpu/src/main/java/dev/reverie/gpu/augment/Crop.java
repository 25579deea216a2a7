package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Moves an image-sized window by whole pixels: pixel (i, j) of the result is pixel (i + down, j + right) of the image,
 * or zero if that pixel lies outside the image. Random draws move it by at most about an eighth of a side. The adjoint
 * moves the window back.
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
        return applyInPlace(image.clone());
    }

    @Override
    public double[] applyInPlace(double[] image) {
        return moved(image, down, right);
    }

    @Override
    public double[] adjoint(double[] gradient) {
        return moved(gradient.clone(), -down, -right);
    }

    private double[] moved(double[] values, int rows, int columns) {
        int height = shape.height();
        for (int top = 0; top < values.length; top += shape.planeSize()) {
            for (int step = 0; step < height; step++) {
                int row = rows >= 0 ? step : height - 1 - step; // so that no row is overwritten before it has moved
                move(values, top + row * shape.width(), row + rows, top, columns);
            }
        }
        return values;
    }

    /** Overwrites the row at {@code start} by the row {@code source} of the plane at {@code top}, moved sideways. */
    private void move(double[] values, int start, int source, int top, int columns) {
        int width = shape.width();
        int length = width - Math.abs(columns);
        if (source < 0 || source >= shape.height() || length <= 0) {
            Arrays.fill(values, start, start + width, 0.0);
            return;
        }
        int to = start + Math.max(-columns, 0);
        System.arraycopy(values, top + source * width + Math.max(columns, 0), values, to, length);
        Arrays.fill(values, start, to, 0.0);
        Arrays.fill(values, to + length, start + width, 0.0);
    }
}
