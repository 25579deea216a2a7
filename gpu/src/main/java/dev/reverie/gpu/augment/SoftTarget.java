package dev.reverie.gpu.augment;

/**
 * What a mixed image shows: a class, and where the weight is below 1 a second one. The loss is weight * CE(label) + (1
 * - weight) * CE(other).
 *
 * @param label class index of the image itself
 * @param other class index of what was pasted in; may be the same
 * @param weight of the image itself, in [0, 1]
 */
public record SoftTarget(int label, int other, double weight) {

    /** An image that was not mixed. */
    public static SoftTarget pure(int label) {
        return new SoftTarget(label, label, 1);
    }

    /**
     * The target as a distribution over the classes, summing to 1.
     *
     * @param classes more than either class index
     */
    public double[] distribution(int classes) {
        double[] distribution = new double[classes];
        distribution[label] += weight;
        distribution[other] += 1 - weight;
        return distribution;
    }
}
