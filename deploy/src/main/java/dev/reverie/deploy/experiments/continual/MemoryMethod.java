package dev.reverie.deploy.experiments.continual;

import dev.reverie.gpu.method.Method;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The compared methods of filling a memory; all store the same number of images per class. */
public enum MemoryMethod {
    DREAM(Method.DREAM),
    DREAM_PLUS(Method.DREAM_PLUS),
    IDC(Method.IDC),
    DANCE(Method.DANCE),
    DM(Method.DM),
    /** A uniform sample of the stream. */
    RESERVOIR("reservoir", Method.RANDOM, "real images, drawn uniformly"),
    HERDING("herding", Method.HERDING, "real images whose mean features approximate those of their class"),
    K_CENTER("k-center", Method.K_CENTER, "real images that cover their class"),
    /** The initial images of DM, but chosen by better features and not distilled. */
    K_MEANS("k-means", Method.K_MEANS, "real images nearest to k-means centroids"),
    /** DREAM's initial images, not distilled. */
    TILE("tile", Method.TILE, "dream's initial images: real images nearest to k-means centroids");

    private final String label;
    private final Method method;
    private final String madeOf;

    MemoryMethod(Method method) {
        this(method.label(), method, "synthetic images, distilled by the running service");
    }

    MemoryMethod(String label, Method method, String madeOf) {
        this.label = label;
        this.method = method;
        this.madeOf = madeOf;
    }

    /** Returns the name on the command line. */
    public String label() {
        return label;
    }

    /** Returns the method that produces the images. */
    Method method() {
        return method;
    }

    /** Describes the images in a few words. */
    String madeOf() {
        return madeOf;
    }

    /** Whether a running service distils the memory. */
    boolean isLearned() {
        return method.learns();
    }

    /** Whether the memory is a coreset, that is, consists of whole real images. */
    boolean isCoreset() {
        return this == RESERVOIR || usesFeatures();
    }

    /** Whether the method selects images by the features of a trained network. */
    boolean usesFeatures() {
        return !isLearned() && method.choosesByTrainedFeatures();
    }

    /**
     * Finds a method by name.
     *
     * @throws IllegalArgumentException naming the available methods, if the name is unknown
     */
    public static MemoryMethod of(String label) {
        return Arrays.stream(values())
                .filter(method -> method.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown method '" + label + "'; choose one of "
                        + Arrays.stream(values()).map(MemoryMethod::label).collect(Collectors.joining(", "))));
    }
}
