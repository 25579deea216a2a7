package dev.reverie.gpu.select;

/** The rules by which real images are selected to represent their class. */
public enum SelectionRule {
    /** The first images in dataset order, which IDC's code calls random. */
    IN_ORDER,
    /** A uniform choice without replacement. */
    RANDOM,
    /** The images nearest to the centroids of a k-means clustering in feature space (DREAM, section 3.2). */
    K_MEANS,
    /**
     * The images of a k-means clustering that are nearest to the centroids of their own clusters, some clusters having
     * several of them and others none (DREAM+ on Tiny ImageNet).
     */
    K_MEANS_CORE,
    /** Herding (iCaRL): a greedy choice that keeps the mean of the chosen features near the class mean. */
    HERDING,
    /**
     * A greedy choice: first the image nearest to the class mean, then repeatedly the image farthest from all chosen
     * images.
     */
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
