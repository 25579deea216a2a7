package dev.reverie.gpu.select;

import dev.reverie.gpu.tensor.Tensor;
import java.nio.FloatBuffer;

/**
 * A matrix of features, one row per image: shape {@code [count, dimension]}, row-major, always finite. Immutable: the
 * values are copied. Two instances are equal only if they are the same object.
 */
public final class Features {

    private final int dimension;
    private final float[] values;

    private Features(int dimension, float[] values) {
        this.dimension = dimension;
        this.values = values;
    }

    /**
     * Creates a matrix from a copy of finite values; throws an {@link IllegalArgumentException} unless they fill whole
     * rows.
     */
    public static Features of(int dimension, float[] values) {
        if (dimension < 1 || values.length % dimension != 0) {
            throw new IllegalArgumentException(
                    "features come in rows of " + dimension + ", got " + values.length + " values");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("features must be finite, got " + values[i] + " for image "
                        + i / dimension + "; check whether the network diverged");
            }
        }
        return new Features(dimension, values.clone());
    }

    /** Copies a matrix with one row per image, as {@link #of(int, float[])} does. */
    public static Features of(Tensor matrix) {
        return of(matrix.dimension(1), matrix.toFloats());
    }

    /** Number of images. */
    public int count() {
        return values.length / dimension;
    }

    public int dimension() {
        return dimension;
    }

    /** A read-only, row-major view of all values. */
    public FloatBuffer values() {
        return FloatBuffer.wrap(values).asReadOnlyBuffer();
    }

    /** Computes the mean of all rows. */
    public double[] mean() {
        double[] mean = new double[dimension];
        for (int row = 0; row < count(); row++) {
            addTo(mean, row, 1);
        }
        for (int i = 0; i < dimension; i++) {
            mean[i] /= count();
        }
        return mean;
    }

    /** Checks that no more rows are chosen than exist. */
    void requireCount(int chosen) {
        if (chosen < 0 || chosen > count()) {
            throw new IllegalArgumentException(
                    "cannot choose " + chosen + " of " + count() + " images; request 0 to " + count());
        }
    }

    void addTo(double[] sum, int row, double factor) {
        for (int i = 0, at = row * dimension; i < dimension; i++, at++) {
            sum[i] += factor * values[at];
        }
    }

    public double squaredDistance(int row, double[] point) {
        double sum = 0;
        for (int i = 0, at = row * dimension; i < dimension; i++, at++) {
            double difference = values[at] - point[i];
            sum += difference * difference;
        }
        return sum;
    }

    public double squaredDistance(int row, int other) {
        return squaredDistance(row, this, other);
    }

    /** Squared Euclidean distance between a row and a row of another matrix of the same dimension. */
    public double squaredDistance(int row, Features others, int other) {
        double sum = 0;
        for (int i = 0, at = row * dimension, to = other * dimension; i < dimension; i++, at++, to++) {
            double difference = (double) values[at] - others.values[to];
            sum += difference * difference;
        }
        return sum;
    }
}
