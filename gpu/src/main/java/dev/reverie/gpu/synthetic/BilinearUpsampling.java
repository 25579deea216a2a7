package dev.reverie.gpu.synthetic;

import dev.reverie.gpu.dataset.ImageShape;

/** Enlarges a channel to full size by bilinear interpolation (half-pixel centres, edges repeated). */
public record BilinearUpsampling(LinearInterpolation rows, LinearInterpolation columns) {

    /** Creates the upsampling from {@code height} rows and {@code width} columns to the size of {@code shape}. */
    public static BilinearUpsampling of(int height, int width, ImageShape shape) {
        return new BilinearUpsampling(
                LinearInterpolation.of(height, shape.height()), LinearInterpolation.of(width, shape.width()));
    }

    /** Rows of the small channel. */
    int height() {
        return rows.inputs();
    }

    /** Columns of the small channel. */
    int width() {
        return columns.inputs();
    }

    /** Pixels of the small channel. */
    int size() {
        return height() * width();
    }

    /** Enlarges one channel, given row by row, into the channel of a large image that begins at index {@code plane}. */
    public void apply(double[] small, double[] large, int plane) {
        for (int row = 0; row < rows.outputs(); row++) {
            int top = rows.lower(row) * columns.inputs();
            int bottom = rows.upper(row) * columns.inputs();
            double bottomWeight = rows.weight(row);
            int to = plane + row * columns.outputs();
            for (int column = 0; column < columns.outputs(); column++) {
                int left = columns.lower(column);
                int right = columns.upper(column);
                double rightWeight = columns.weight(column);
                double topValue = (1 - rightWeight) * small[top + left] + rightWeight * small[top + right];
                double bottomValue = (1 - rightWeight) * small[bottom + left] + rightWeight * small[bottom + right];
                large[to + column] = (1 - bottomWeight) * topValue + bottomWeight * bottomValue;
            }
        }
    }

    /**
     * Applies the adjoint of {@link #apply}: adds the contribution of the enlarged channel to {@code small}, the
     * derivative with respect to the small channel.
     */
    void addAdjoint(double[] gradient, int plane, double[] small) {
        for (int row = 0; row < rows.outputs(); row++) {
            int top = rows.lower(row) * columns.inputs();
            int bottom = rows.upper(row) * columns.inputs();
            double bottomWeight = rows.weight(row);
            int from = plane + row * columns.outputs();
            for (int column = 0; column < columns.outputs(); column++) {
                int left = columns.lower(column);
                int right = columns.upper(column);
                double bottomShare = bottomWeight * gradient[from + column];
                double topShare = gradient[from + column] - bottomShare;
                double rightWeight = columns.weight(column);
                small[top + left] += (1 - rightWeight) * topShare;
                small[top + right] += rightWeight * topShare;
                small[bottom + left] += (1 - rightWeight) * bottomShare;
                small[bottom + right] += rightWeight * bottomShare;
            }
        }
    }

    /**
     * Linear interpolation from fewer pixels to more along one side of an image. Output j of n lies at the input
     * position (j + 1/2) * inputs / n - 1/2, clamped to the range of the inputs.
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record LinearInterpolation(int inputs, int[] lower, double[] weight) {

        static LinearInterpolation of(int inputs, int outputs) {
            int[] lower = new int[outputs];
            double[] weight = new double[outputs];
            for (int j = 0; j < outputs; j++) {
                double place = Math.clamp((j + 0.5) * inputs / outputs - 0.5, 0.0, inputs - 1.0);
                lower[j] = (int) place;
                weight[j] = place - lower[j];
            }
            return new LinearInterpolation(inputs, lower, weight);
        }

        int outputs() {
            return lower.length;
        }

        /** Index of the input at or before the position of an output. */
        int lower(int output) {
            return lower[output];
        }

        /** Index of the input after {@link #lower}; at the end, the same index as {@link #lower}. */
        int upper(int output) {
            return Math.min(lower[output] + 1, inputs - 1);
        }

        /** Weight of the input at {@link #upper}, in [0, 1). */
        double weight(int output) {
            return weight[output];
        }
    }
}
