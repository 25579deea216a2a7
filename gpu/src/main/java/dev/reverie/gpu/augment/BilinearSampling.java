package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;

/**
 * Samples an image bilinearly, at one position for each pixel of the result; points outside the image are zero. Each
 * result pixel is a weighted sum of four image pixels, with the same positions and weights in all channels. Positions
 * and weights are computed once, because one draw can serve a whole batch.
 */
abstract sealed class BilinearSampling implements AffineImageTransform permits AffineWarp, ResizedCrop {

    private static final int TAPS = 4;

    private final ImageShape shape;
    private final int[] sources;
    private final double[] weights;

    /** The positions in the image of the pixels of the result; the centre of the first pixel is at (0, 0). */
    interface Grid {

        double row(int row, int column);

        double column(int row, int column);
    }

    BilinearSampling(ImageShape shape, Grid grid) {
        this.shape = shape;
        this.sources = new int[TAPS * shape.planeSize()];
        this.weights = new double[TAPS * shape.planeSize()];
        for (int row = 0, tap = 0; row < shape.height(); row++) {
            for (int column = 0; column < shape.width(); column++, tap += TAPS) {
                place(tap, grid.row(row, column), grid.column(row, column));
            }
        }
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
    public final double[] apply(double[] image) {
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
    public final double[] adjoint(double[] gradient) {
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
