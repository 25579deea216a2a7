package dev.reverie.gpu.select;

/** How a few real images are chosen to stand for their class. */
public enum Selection {
    /** The first ones in dataset order: what IDC's code calls random. */
    IN_ORDER,
    /** Uniformly without replacement. */
    RANDOM,
    /** The image nearest to each centroid of a k-means in feature space (DREAM, section 3.2). */
    K_MEANS,
    /** Greedily, so that the mean of the chosen features follows the class mean (iCaRL). */
    HERDING,
    /** Greedily, the image farthest from all chosen ones, from the one nearest to the class mean on. */
    K_CENTER;

    /** Whether the choice looks at features of a network. */
    public boolean needsFeatures() {
        return this == K_MEANS || this == HERDING || this == K_CENTER;
    }
}
