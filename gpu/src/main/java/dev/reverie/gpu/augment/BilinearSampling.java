package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.random.RandomGenerator;

/**
 * Samples an image bilinearly, at one position for each pixel of the result; points outside the image are zero. Each
 * result pixel is a weighted sum of four image pixels, with the same positions and weights in all channels. Positions
 * and weights are computed once, because one draw can serve a whole batch.
 */
final class BilinearSampling implements AffineImageTransform {

    private static final int TAPS = 4;

    private static final double LARGEST_SCALE = 1.2;
    private static final double LARGEST_ANGLE = 15;

    /** Number of parts of an image that are tried. */
    private static final int TRIES = 10;

    /** The largest aspect ratio of a part of an image; the smallest is its inverse. */
    private static final double WIDEST = 4.0 / 3;

    private final ImageShape shape;
    private final int[] sources;
    private final double[] weights;

    /** A coordinate in the image of a pixel of the result; the centre of the first pixel is at (0, 0). */
    private interface Coordinate {
        double of(int row, int column);
    }

    private BilinearSampling(ImageShape shape, Coordinate sourceRow, Coordinate sourceColumn) {
        this.shape = shape;
        this.sources = new int[TAPS * shape.planeSize()];
        this.weights = new double[TAPS * shape.planeSize()];
        for (int row = 0, tap = 0; row < shape.height(); row++) {
            for (int column = 0; column < shape.width(); column++, tap += TAPS) {
                place(tap, sourceRow.of(row, column), sourceColumn.of(row, column));
            }
        }
    }

    /**
     * Samples on a linearly transformed grid: the result at (x, y) is the value of the image at (xx x + xy y, yx x + yy
     * y). Coordinates run from -1 to 1 between the outer edges of the border pixels ("align corners" is false).
     */
    private static BilinearSampling warped(ImageShape shape, double xx, double xy, double yx, double yy) {
        return new BilinearSampling(
                shape,
                (row, column) -> {
                    double position = yx * centre(column, shape.width()) + yy * centre(row, shape.height());
                    return ((position + 1) * shape.height() - 1) / 2;
                },
                (row, column) -> {
                    double position = xx * centre(column, shape.width()) + xy * centre(row, shape.height());
                    return ((position + 1) * shape.width() - 1) / 2;
                });
    }

    private static double centre(int pixel, int pixels) {
        return (2 * pixel + 1.0) / pixels - 1;
    }

    /** Stretches the grid horizontally and vertically by positive factors. A factor above 1 shrinks the image. */
    static BilinearSampling scale(ImageShape shape, double horizontal, double vertical) {
        return warped(shape, horizontal, 0, 0, vertical);
    }

    /**
     * Rotates the grid by an angle in degrees, in coordinates that run from -1 to 1 on both axes even if the image is
     * not square.
     */
    static BilinearSampling rotation(ImageShape shape, double degrees) {
        double angle = Math.toRadians(degrees);
        return warped(shape, Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle));
    }

    /** Draws both factors uniformly between 1 / 1.2 and 1.2. */
    static BilinearSampling drawScale(ImageShape shape, RandomGenerator random) {
        double least = 1 / LARGEST_SCALE;
        return scale(shape, random.nextDouble(least, LARGEST_SCALE), random.nextDouble(least, LARGEST_SCALE));
    }

    /** Draws an angle uniformly between -15 and 15 degrees. */
    static BilinearSampling drawRotation(ImageShape shape, RandomGenerator random) {
        return rotation(shape, random.nextDouble(-LARGEST_ANGLE, LARGEST_ANGLE));
    }

    /**
     * Enlarges a part of an image, at least one pixel that lies in it, to full size; the edges of the part are
     * repeated.
     */
    static BilinearSampling resizedCrop(ImageShape shape, int top, int left, int height, int width) {
        return new BilinearSampling(
                shape,
                (row, column) -> top + position(row, height, shape.height()),
                (row, column) -> left + position(column, width, shape.width()));
    }

    /** The position of a pixel of the result within {@code inputs} pixels. */
    private static double position(int output, int inputs, int outputs) {
        return Math.clamp((output + 0.5) * inputs / outputs - 0.5, 0, inputs - 1.0);
    }

    /**
     * Draws a part as torchvision's RandomResizedCrop does: its area is uniform between {@code least} times that of the
     * image and all of it, and the logarithm of its aspect ratio is uniform between those of 3/4 and 4/3. After ten
     * parts that do not fit, the part is the whole image; an image with other aspect ratios is kept whole, too.
     */
    static AffineImageTransform drawCrop(ImageShape shape, double least, RandomGenerator random) {
        double logarithm = Math.log(WIDEST);
        for (int attempt = 0; attempt < TRIES; attempt++) {
            double area = shape.planeSize() * (least + (1 - least) * random.nextDouble());
            double ratio = Math.exp(logarithm * (2 * random.nextDouble() - 1));
            int width = (int) Math.round(Math.sqrt(area * ratio));
            int height = (int) Math.round(Math.sqrt(area / ratio));
            if (width >= 1 && width <= shape.width() && height >= 1 && height <= shape.height()) {
                int top = random.nextInt(shape.height() - height + 1);
                int left = random.nextInt(shape.width() - width + 1);
                return resizedCrop(shape, top, left, height, width);
            }
        }
        return AffineImageTransform.identity();
    }

    private void place(int tap, double row, double column) {
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
