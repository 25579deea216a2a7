package dev.reverie.gpu.select;

import dev.reverie.gpu.Labelled;
import java.util.List;

/** The rules by which real images are selected to represent their class. */
public enum SelectionRule implements Labelled {
    /** The first images in dataset order, which IDC's code calls random. */
    IN_ORDER("in-order"),
    /** A uniform choice without replacement. */
    RANDOM("random"),
    /** The images nearest to the centroids of a k-means clustering in feature space (DREAM, section 3.2). */
    K_MEANS("kmeans"),
    /**
     * The images of a k-means clustering that are nearest to the centroids of their own clusters, some clusters having
     * several of them and others none (DREAM+ on Tiny ImageNet).
     */
    K_MEANS_CORE("kmeans-core"),
    /**
     * All images in an order in which similar ones are neighbours, by the clusters of a k-means clustering in feature
     * space. Each step draws a new batch from it by {@link StratifiedSelection#batch}.
     */
    STRATIFIED("stratified"),
    /** Herding (iCaRL): a greedy choice that keeps the mean of the chosen features near the class mean. */
    HERDING("herding"),
    /**
     * A greedy choice: first the image nearest to the class mean, then repeatedly the image farthest from all chosen
     * images.
     */
    K_CENTER("k-center"),
    /** The images nearest to the class mean, whose gradients are small (a baseline of DREAM). */
    CENTRAL("central"),
    /** The images farthest from the class mean, whose gradients are large (a baseline of DREAM). */
    BOUNDARY("boundary");

    /** The rules for the real batches of class steps; the others are only for initial images and coresets. */
    public static final List<SelectionRule> BATCHES =
            List.of(K_MEANS, K_MEANS_CORE, STRATIFIED, RANDOM, CENTRAL, BOUNDARY);

    private final String label;

    SelectionRule(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }

    public boolean needsFeatures() {
        return this != IN_ORDER && this != RANDOM;
    }

    /** Whether each step has a real batch of its own, and not the same one until the next selection. */
    public boolean drawsForEachStep() {
        return this == RANDOM || this == STRATIFIED;
    }
}
