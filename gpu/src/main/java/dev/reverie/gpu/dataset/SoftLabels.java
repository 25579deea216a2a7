package dev.reverie.gpu.dataset;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The soft labels of a set: for each image, a distribution over the classes. Immutable. */
public final class SoftLabels {

    /** Maximum deviation of a distribution's sum from 1, due to single precision. */
    private static final double TOLERANCE = 1e-3;

    private final int classes;
    private final float[] values;
    private final boolean fromLogits;

    private SoftLabels(int classes, float[] values, boolean fromLogits) {
        this.classes = classes;
        this.values = values;
        this.fromLogits = fromLogits;
    }

    /** Creates labels from {@code classes} values for each image, in [0, 1], with sum 1. */
    public static SoftLabels of(int classes, float[] values) {
        if (classes < 1 || values.length % classes != 0) {
            throw new IllegalArgumentException("expected one value per class in each soft label: " + values.length
                    + " is not a multiple of " + classes);
        }
        SoftLabels labels = new SoftLabels(classes, values.clone(), false);
        for (int image = 0; image < labels.count(); image++) {
            labels.requireDistribution(image);
        }
        return labels;
    }

    /**
     * Creates labels from what a teacher computes: distributions, or logits, whose softmax the labels are. Logits are
     * values of which some are outside [0, 1], and whose sum is 1 for at most half of the images, by chance.
     */
    static SoftLabels ofOutputs(int classes, float[] values) {
        SoftLabels outputs = new SoftLabels(Math.max(1, classes), values, true);
        boolean leavesRange = false;
        int distributions = 0;
        for (int image = 0; image < outputs.count(); image++) {
            double[] each = outputs.of(image);
            leavesRange |= Arrays.stream(each).anyMatch(value -> value < 0 || value > 1);
            distributions += sumsToOne(each) ? 1 : 0;
        }
        return leavesRange && distributions <= outputs.count() / 2 ? outputs.softmax() : of(classes, values);
    }

    private SoftLabels softmax() {
        float[] shares = new float[values.length];
        for (int image = 0; image < count(); image++) {
            double[] logits = of(image);
            double most = Arrays.stream(logits).max().orElse(0);
            double sum =
                    Arrays.stream(logits).map(logit -> Math.exp(logit - most)).sum();
            for (int k = 0; k < classes; k++) {
                shares[image * classes + k] = (float) (Math.exp(logits[k] - most) / sum);
            }
        }
        return new SoftLabels(classes, shares, true);
    }

    private static boolean sumsToOne(double[] shares) {
        return Math.abs(Arrays.stream(shares).sum() - 1) <= TOLERANCE;
    }

    private void requireDistribution(int image) {
        double[] distribution = of(image);
        for (double share : distribution) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("the soft label of image " + image + " has the value " + share
                        + ": values must be from 0 to 1");
            }
        }
        if (!sumsToOne(distribution)) {
            throw new IllegalArgumentException("the soft label of image " + image + " sums to "
                    + Arrays.stream(distribution).sum() + " instead of 1");
        }
    }

    public int count() {
        return values.length / classes;
    }

    public int classes() {
        return classes;
    }

    /** Whether the labels were computed from logits. */
    public boolean areFromLogits() {
        return fromLogits;
    }

    /** Returns the class with the largest share, for each image. */
    List<Integer> mostProbable() {
        return IntStream.range(0, count())
                .mapToObj(image -> IntStream.range(0, classes)
                        .boxed()
                        .max(Comparator.comparing(k -> values[image * classes + k]))
                        .orElseThrow())
                .toList();
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
        return new SoftLabels(classes, picked, fromLogits);
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
