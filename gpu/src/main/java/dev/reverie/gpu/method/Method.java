package dev.reverie.gpu.method;

import dev.reverie.gpu.objective.Objective;
import dev.reverie.gpu.select.Selection;
import java.util.Arrays;
import java.util.Optional;

/**
 * A distillation method as a composition: where the synthetic images start, which real images each step matches, and
 * what of them. DREAM is IDC with two other parts, DREAM+ is DREAM with another objective. A coreset is an initialiser
 * that nothing follows.
 */
public enum Method {
    /** Representative matching (ICCV 2023). */
    DREAM("dream", Selection.K_MEANS, Selection.K_MEANS, Objective.GRADIENTS),
    /** DREAM on features as well as gradients, and on networks that have seen the data (2023). */
    DREAM_PLUS("dream-plus", Selection.K_MEANS, Selection.K_MEANS, Objective.FEATURES_AND_GRADIENTS),
    /** Efficient synthetic-data parameterisation (ICML 2022), which DREAM improves on. */
    IDC("idc", Selection.IN_ORDER, Selection.RANDOM, Objective.GRADIENTS),
    /** Gradient matching as it began (ICLR 2021), on networks that learn from the synthetic images. */
    DC("dc", Selection.RANDOM, Selection.RANDOM, Objective.ALL_GRADIENTS),
    /** DC through differentiable siamese augmentation (ICML 2021). */
    DSA("dsa", Selection.RANDOM, Selection.RANDOM, Objective.ALL_GRADIENTS),
    /** Distribution matching: mean features of untrained networks (WACV 2023). */
    DM("dm", Selection.RANDOM, Selection.RANDOM, Objective.FEATURES),
    /** Mean features of a pool of trained networks, and calibration (IJCAI 2024). */
    DANCE("dance", Selection.K_MEANS, Selection.RANDOM, Objective.FEATURES),
    /** Trajectory matching (CVPR 2022), by the gradient of TESLA (ICML 2023) unless unrolled. */
    MTT("mtt", Selection.RANDOM),
    /** The k-means multi-formation initialisation kept as it is: where DREAM starts. */
    TILE("tile", Selection.K_MEANS),
    RANDOM("random", Selection.RANDOM),
    HERDING("herding", Selection.HERDING),
    K_CENTER("k-center", Selection.K_CENTER),
    /** Nearest to the centroids of a k-means in the features of a trained network (DC-BENCH). */
    K_MEANS("k-means", Selection.K_MEANS);

    private final String label;
    private final Selection initialiser;
    private final Optional<Selection> representatives;
    private final Objective objective;

    /** No step looks at a real batch, nor at the objective: a coreset, or a student that follows experts. */
    Method(String label, Selection initialiser) {
        this(label, initialiser, Optional.empty(), Objective.GRADIENTS);
    }

    Method(String label, Selection initialiser, Selection representatives, Objective objective) {
        this(label, initialiser, Optional.of(representatives), objective);
    }

    Method(String label, Selection initialiser, Optional<Selection> representatives, Objective objective) {
        this.label = label;
        this.initialiser = initialiser;
        this.representatives = representatives;
        this.objective = objective;
    }

    /** The name on the command line. */
    public String label() {
        return label;
    }

    /** Chooses the real images that the synthetic ones start from. */
    public Selection initialiser() {
        return initialiser;
    }

    /** Chooses the real batch of each step; empty where no step looks at one. */
    public Optional<Selection> representatives() {
        return representatives;
    }

    /** What each step matches. */
    public Objective objective() {
        return objective;
    }

    /**
     * Whether the initialiser looks at features of a network that has been trained: the coresets of features are
     * defined on such ones, and DREAM+ never looks at an untrained network, while DREAM begins with one.
     */
    public boolean choosesByTrainedFeatures() {
        return switch (this) {
            case HERDING, K_CENTER, K_MEANS, DREAM_PLUS -> true;
            case DREAM, IDC, DC, DSA, DM, DANCE, MTT, TILE, RANDOM -> false;
        };
    }

    /** Whether the matching network is trained on the synthetic images, and not on the real ones. */
    public boolean trainsOnMemory() {
        return this == DC || this == DSA;
    }

    /** Whether a student is to follow networks that were trained on the real images before. */
    public boolean followsExperts() {
        return this == MTT;
    }

    /** Whether synthetic images are learned by matching. */
    public boolean learns() {
        return representatives.isPresent() || followsExperts();
    }

    /**
     * The method of that name.
     *
     * @throws IllegalArgumentException naming the methods there are
     */
    public static Method of(String label) {
        return Arrays.stream(values())
                .filter(method -> method.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown method '" + label + "'; there are "
                        + String.join(
                                ", ", Arrays.stream(values()).map(Method::label).toList())));
    }
}
