package dev.reverie.gpu.dataset;

import java.util.Arrays;
import java.util.List;

/** The soft labels of a set: for each image, a distribution over the classes. Immutable. */
public final class SoftLabels {

    /** Maximum deviation of a distribution's sum from 1, due to single precision. */
    private static final double TOLERANCE = 1e-3;

    private final int classes;
    private final float[] values;

    private SoftLabels(int classes, float[] values) {
        this.classes = classes;
        this.values = values;
    }

    /** Creates labels from {@code classes} values for each image, in [0, 1], with sum 1. */
    public static SoftLabels of(int classes, float[] values) {
        if (classes < 1 || values.length % classes != 0) {
            throw new IllegalArgumentException("expected one value per class in each soft label: " + values.length
                    + " is not a multiple of " + classes);
        }
        SoftLabels labels = new SoftLabels(classes, values.clone());
        for (int image = 0; image < labels.count(); image++) {
            labels.requireDistribution(image);
        }
        return labels;
    }

    private void requireDistribution(int image) {
        double sum = 0;
        for (double share : of(image)) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("the soft label of image " + image + " has the value " + share
                        + ": values must be from 0 to 1");
            }
            sum += share;
        }
        if (Math.abs(sum - 1) > TOLERANCE) {
            throw new IllegalArgumentException(
                    "the soft label of image " + image + " sums to " + sum + " instead of 1");
        }
    }

    public int count() {
        return values.length / classes;
    }

    public int classes() {
        return classes;
    }

    public double[] of(int image) {
        double[] distribution = new double[classes];
        for (int k = 0; k < classes; k++) {
            distribution[k] = values[image * classes + k];
        }
        return distribution;
    }

    /** Returns the labels of {@code images}, in that order. */
    public SoftLabels pick(List<Integer> images) {
        float[] picked = new float[images.size() * classes];
        for (int i = 0; i < images.size(); i++) {
            System.arraycopy(values, images.get(i) * classes, picked, i * classes, classes);
        }
        return new SoftLabels(classes, picked);
    }

    /** Returns all values, image by image. */
    public float[] toArray() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SoftLabels labels && classes == labels.classes && Arrays.equals(values, labels.values);
    }

    @Override
    public int hashCode() {
        return 31 * classes + Arrays.hashCode(values);
    }
}
