package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Sets a window, which can begin before the border of the image and extend beyond it, to zero; a random draw has half
 * the height and half the width of the image. The map is an orthogonal projection and therefore its own adjoint.
 */
record Cutout(ImageShape shape, int top, int left, int height, int width) implements AffineImageTransform {

    private static final double RATIO = 0.5;

    static Cutout draw(ImageShape shape, RandomGenerator random) {
        int height = side(shape.height());
        int width = side(shape.width());
        return new Cutout(
                shape, start(shape.height(), height, random), start(shape.width(), width, random), height, width);
    }

    /** Length of the window along a side of {@code size} pixels. */
    static int side(int size) {
        return (int) Math.floor(RATIO * size + 0.5);
    }

    /**
     * Draws the first row or column of a window with a uniform centre. A window of even length has no middle pixel and
     * therefore one more possible position.
     */
    private static int start(int size, int side, RandomGenerator random) {
        return random.nextInt(size + 1 - side % 2) - side / 2;
    }

    @Override
    public double[] apply(double[] image) {
        return applyInPlace(image.clone());
    }

    @Override
    public double[] applyInPlace(double[] image) {
        int from = Math.max(left, 0);
        int to = Math.min(left + width, shape.width());
        if (from >= to) {
            return image;
        }
        for (int plane = 0; plane < image.length; plane += shape.planeSize()) {
            for (int row = Math.max(top, 0); row < Math.min(top + height, shape.height()); row++) {
                int start = plane + row * shape.width();
                Arrays.fill(image, start + from, start + to, 0.0);
            }
        }
        return image;
    }

    @Override
    public double[] adjoint(double[] gradient) {
        return apply(gradient);
    }
}
