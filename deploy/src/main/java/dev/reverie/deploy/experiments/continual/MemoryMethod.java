package dev.reverie.deploy.experiments.continual;

import dev.reverie.gpu.method.Method;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The memories that are compared; all store equally many images of a class. */
public enum MemoryMethod {
    DREAM(Method.DREAM),
    DREAM_PLUS(Method.DREAM_PLUS),
    IDC(Method.IDC),
    DANCE(Method.DANCE),
    DM(Method.DM),
    /** Drawn uniformly from the stream. */
    RESERVOIR("reservoir", Method.RANDOM, "real images, drawn uniformly"),
    HERDING("herding", Method.HERDING, "real images whose mean features follow their class"),
    K_CENTER("k-center", Method.K_CENTER, "real images that cover their class"),
    /** Where DM starts here, by better features, and never learned. */
    K_MEANS("k-means", Method.K_MEANS, "real images nearest to k-means centroids"),
    /** Initialised like DREAM's, and never learned. */
    TILE("tile", Method.TILE, "where dream starts: real images nearest to k-means centroids");

    private final String label;
    private final Method method;
    private final String madeOf;

    MemoryMethod(Method method) {
        this(method.label(), method, "learned by the running service");
    }

    MemoryMethod(String label, Method method, String madeOf) {
        this.label = label;
        this.method = method;
        this.madeOf = madeOf;
    }

    /** The name on the command line. */
    public String label() {
        return label;
    }

    /** How its images come about. */
    Method method() {
        return method;
    }

    /** In a few words, for a person. */
    String madeOf() {
        return madeOf;
    }

    /** Whether a running service learns it. */
    boolean isLearned() {
        return method.learns();
    }

    /** Whether it selects whole real images, which makes it a coreset. */
    boolean isCoreset() {
        return this == RESERVOIR || looksAtFeatures();
    }

    /** Whether it selects by the features of a trained network. */
    boolean looksAtFeatures() {
        return !isLearned() && method.choosesByTrainedFeatures();
    }

    /**
     * The contender of that name.
     *
     * @throws IllegalArgumentException naming those there are
     */
    public static MemoryMethod of(String label) {
        return Arrays.stream(values())
                .filter(contender -> contender.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown method '" + label + "'; there are "
                        + Arrays.stream(values()).map(MemoryMethod::label).collect(Collectors.joining(", "))));
    }
}
