package dev.reverie.gpu.select;

/** How a few real images are chosen to stand for their class. */
public enum SelectionRule {
    /** The first ones in dataset order: what IDC's code calls random. */
    IN_ORDER,
    /** Uniformly without replacement. */
    RANDOM,
    /** The image nearest to each centroid of a k-means in feature space (DREAM, section 3.2). */
    K_MEANS,
    /** Greedily, so that the mean of the chosen features follows the class mean (iCaRL). */
    HERDING,
    /** Greedily, the image farthest from all chosen ones, from the one nearest to the class mean on. */
    K_CENTER,
    /** Those nearest to the class mean, whose gradients are small (what DREAM is compared with). */
    CENTRAL,
    /** Those farthest from the class mean, whose gradients are large (what DREAM is compared with). */
    BOUNDARY;

    /** Whether the choice looks at features of a network. */
    public boolean needsFeatures() {
        return this != IN_ORDER && this != RANDOM;
    }
}
