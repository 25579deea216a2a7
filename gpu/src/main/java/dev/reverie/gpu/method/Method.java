package dev.reverie.gpu.method;

import dev.reverie.gpu.objective.MatchingObjective;
import dev.reverie.gpu.select.SelectionRule;
import java.util.Arrays;

/** A distillation method, or a coreset: the name under which a {@link MethodDefinition} was published. */
public enum Method {
    /** Representative matching (ICCV 2023). */
    DREAM("dream", MethodDefinition.of(Initialiser.K_MEANS, SelectionRule.K_MEANS, MatchingObjective.GRADIENTS)),
    /** DREAM on features as well as gradients, and on networks that have seen the data (2023). */
    DREAM_PLUS(
            "dream-plus",
            MethodDefinition.of(Initialiser.K_MEANS, SelectionRule.K_MEANS, MatchingObjective.FEATURES_AND_GRADIENTS)),
    /** Efficient synthetic-data parameterisation (ICML 2022), which DREAM improves on. */
    IDC("idc", MethodDefinition.of(Initialiser.IN_ORDER, SelectionRule.RANDOM, MatchingObjective.GRADIENTS)),
    /** Gradient matching as it began (ICLR 2021), on networks that learn from the synthetic images. */
    DC("dc", MethodDefinition.of(Initialiser.RANDOM, SelectionRule.RANDOM, MatchingObjective.ALL_GRADIENTS)),
    /** DC through differentiable siamese augmentation (ICML 2021). */
    DSA("dsa", MethodDefinition.of(Initialiser.RANDOM, SelectionRule.RANDOM, MatchingObjective.ALL_GRADIENTS)),
    /** Distribution matching: mean features of untrained networks (WACV 2023). */
    DM("dm", MethodDefinition.of(Initialiser.RANDOM, SelectionRule.RANDOM, MatchingObjective.FEATURES)),
    /** Mean features of a pool of trained networks, and calibration (IJCAI 2024). */
    DANCE("dance", MethodDefinition.of(Initialiser.K_MEANS, SelectionRule.RANDOM, MatchingObjective.FEATURES)),
    /**
     * Trajectory matching (CVPR 2022), by the gradient of TESLA (ICML 2023) unless unrolled: looks at no real batch.
     */
    MTT("mtt", MethodDefinition.coreset(Initialiser.RANDOM)),
    /** The k-means multi-formation initialisation kept as it is: where DREAM starts. */
    TILE("tile", MethodDefinition.coreset(Initialiser.K_MEANS)),
    RANDOM("random", MethodDefinition.coreset(Initialiser.RANDOM)),
    HERDING("herding", MethodDefinition.coreset(Initialiser.HERDING)),
    K_CENTER("k-center", MethodDefinition.coreset(Initialiser.K_CENTER)),
    /** Most often forgotten by a network in training (Toneva et al., 2019). */
    FORGETTING("forgetting", MethodDefinition.coreset(Initialiser.FORGETTING)),
    /** Crops that a trained network is sure of, and its soft labels of them (CVPR 2024). */
    RDED("rded", MethodDefinition.coreset(Initialiser.CROPS)),
    /** Nearest to the centroids of a k-means in the features of a trained network (DC-BENCH). */
    K_MEANS("k-means", MethodDefinition.coreset(Initialiser.K_MEANS));

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // a record of enums
    private final MethodDefinition composition;

    Method(String label, MethodDefinition composition) {
        this.label = label;
        this.composition = composition;
    }

    /** The name on the command line. */
    public String label() {
        return label;
    }

    /** What it is made of, as published. */
    public MethodDefinition composition() {
        return composition;
    }

    /**
     * Whether the initialiser looks at features of a network that has been trained: the coresets of features are
     * defined on such ones, and DREAM+ never looks at an untrained network, while DREAM begins with one.
     */
    public boolean choosesByTrainedFeatures() {
        return switch (this) {
            case HERDING, K_CENTER, K_MEANS, FORGETTING, RDED, DREAM_PLUS -> true;
            case DREAM, IDC, DC, DSA, DM, DANCE, MTT, TILE, RANDOM -> false;
        };
    }

    /** Whether the set has soft labels, of the network that its images were chosen by. */
    public boolean labelsSoftly() {
        return this == RDED;
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
        return composition.learns() || followsExperts();
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
