package dev.reverie.lab.continual;

import dev.reverie.gpu.Labelled;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.FactorRule;
import dev.reverie.gpu.method.Method;

/** The memory-filling methods that an experiment can compare. */
public enum MemoryMethod implements Labelled {
    DREAM(Method.DREAM),
    DREAM_PLUS(Method.DREAM_PLUS),
    IDC(Method.IDC),
    DANCE(Method.DANCE),
    DM(Method.DM),
    /** DM and {@link #RESERVOIR} with half of the size each. */
    DM_AND_RESERVOIR(Method.DM, "half dm's images, half reservoir's"),
    /** A uniform sample of the real images of each class. GDumb keeps the same sample. */
    RESERVOIR(Method.RANDOM, "real images, drawn uniformly"),
    /** A uniform sample of the whole stream, in which classes have different numbers of images. */
    ER_RESERVOIR(Method.RANDOM, "real images, drawn uniformly from the whole stream"),
    /** As people store images. */
    JPEG(Method.RANDOM, "real images, drawn uniformly, each a JPEG file"),
    JPEG_HERDING(Method.HERDING, "the images of herding, each a JPEG file"),
    HERDING(Method.HERDING, "real images whose mean features approximate those of their class"),
    K_CENTER(Method.K_CENTER, "real images that cover their class"),
    /** Chosen like the initial images of DM, but by the features of a trained network; not distilled. */
    K_MEANS(Method.K_MEANS, "real images nearest to k-means centroids"),
    /** The initial images of DREAM, not distilled. */
    TILE(Method.TILE, "dream's initial images: real images nearest to k-means centroids");

    private final Method method;
    private final String madeOf;

    MemoryMethod(Method method) {
        this(method, "synthetic images, distilled by the running service");
    }

    MemoryMethod(Method method, String madeOf) {
        this.method = method;
        this.madeOf = madeOf;
    }

    @Override
    public String label() {
        return this == DM_AND_RESERVOIR ? "dm+reservoir" : Labelled.super.label();
    }

    Method method() {
        return method;
    }

    String madeOf() {
        return madeOf;
    }

    /**
     * Returns the multi-formation factor of the stored images, chosen by a rule if they are learned. If they are mixed
     * with whole real images, it is 1.
     */
    int factor(FactorRule rule, ImageShape shape) {
        return this == DM_AND_RESERVOIR ? 1 : rule.factor(method, shape);
    }

    /** Whether a running service distils the memory, or a part of it. */
    boolean isLearned() {
        return method.learns();
    }

    /** Whether the memory is a coreset, that is, consists of whole real images. */
    boolean isCoreset() {
        return !isLearned() && this != TILE;
    }

    /** Whether each image is stored as a file of its own, instead of a picture per class. */
    boolean storesFiles() {
        return this == JPEG || this == JPEG_HERDING;
    }

    boolean usesFeatures() {
        return !isLearned() && method.initialisesByTrainedNetwork();
    }
}
