package dev.reverie.gpu.select;

/** How real images are selected to represent their class. */
public enum SelectionRule {
    /** The first images in dataset order, which IDC's code calls random. */
    IN_ORDER,
    /** Uniformly without replacement. */
    RANDOM,
    /** The image nearest to each centroid of a k-means in feature space (DREAM, section 3.2). */
    K_MEANS,
    /** Herding: greedily, so that the mean of the chosen features follows the class mean (iCaRL). */
    HERDING,
    /** Greedily the image farthest from all chosen ones, starting with the one nearest to the class mean. */
    K_CENTER,
    /** The images nearest to the class mean, whose gradients are small (a baseline of DREAM). */
    CENTRAL,
    /** The images farthest from the class mean, whose gradients are large (a baseline of DREAM). */
    BOUNDARY;

    /** Whether the rule uses features of a network. */
    public boolean needsFeatures() {
        return this != IN_ORDER && this != RANDOM;
    }
}
