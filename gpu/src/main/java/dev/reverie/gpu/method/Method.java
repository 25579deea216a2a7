package dev.reverie.gpu.method;

import dev.reverie.gpu.Labelled;
import dev.reverie.gpu.objective.MatchingObjective;
import dev.reverie.gpu.select.SelectionRule;
import java.util.Arrays;

/** A distillation method or a coreset, with its published {@link MethodDefinition}. */
public enum Method implements Labelled {
    /** Representative matching (ICCV 2023). */
    DREAM("dream", MethodDefinition.of(Initialiser.K_MEANS, SelectionRule.K_MEANS, MatchingObjective.GRADIENTS)),
    /** DREAM with matching of features and gradients, on networks trained beforehand (2023). */
    DREAM_PLUS(
            "dream-plus",
            MethodDefinition.of(Initialiser.K_MEANS, SelectionRule.K_MEANS, MatchingObjective.FEATURES_AND_GRADIENTS)),
    /** Efficient parameterisation of synthetic data (ICML 2022); DREAM improves on this method. */
    IDC("idc", MethodDefinition.of(Initialiser.IN_ORDER, SelectionRule.RANDOM, MatchingObjective.GRADIENTS)),
    /** The original gradient matching (ICLR 2021), whose networks are trained on the synthetic images. */
    DC("dc", MethodDefinition.of(Initialiser.RANDOM, SelectionRule.RANDOM, MatchingObjective.ALL_GRADIENTS)),
    /** DC with differentiable siamese augmentation (ICML 2021). */
    DSA("dsa", MethodDefinition.of(Initialiser.RANDOM, SelectionRule.RANDOM, MatchingObjective.ALL_GRADIENTS)),
    /** Distribution matching: mean features of untrained networks (WACV 2023). */
    DM("dm", MethodDefinition.of(Initialiser.RANDOM, SelectionRule.RANDOM, MatchingObjective.FEATURES)),
    /** Distribution matching with a pool of trained networks and with calibration (IJCAI 2024). */
    DANCE("dance", MethodDefinition.of(Initialiser.IN_ORDER, SelectionRule.RANDOM, MatchingObjective.FEATURES)),
    /** Distribution matching with a queue of networks at all stages of training, and with calibration (CVPR 2023). */
    IDM("idm", MethodDefinition.of(Initialiser.RANDOM, SelectionRule.RANDOM, MatchingObjective.FEATURES)),
    /**
     * Trajectory matching (CVPR 2022), with the gradient of TESLA (ICML 2023) unless unrolled. It uses no real batch.
     */
    MTT("mtt", MethodDefinition.withoutRealBatches(Initialiser.RANDOM)),
    /** Distribution matching along the training of experts, with calibration by later stages (AAAI 2026). */
    TGDD("tgdd", MethodDefinition.of(Initialiser.IN_ORDER, SelectionRule.RANDOM, MatchingObjective.FEATURES)),
    /** The initialisation of DREAM by k-means and multi-formation, without learning. */
    TILE("tile", MethodDefinition.withoutRealBatches(Initialiser.K_MEANS)),
    RANDOM("random", MethodDefinition.withoutRealBatches(Initialiser.RANDOM)),
    HERDING("herding", MethodDefinition.withoutRealBatches(Initialiser.HERDING)),
    K_CENTER("k-center", MethodDefinition.withoutRealBatches(Initialiser.K_CENTER)),
    /** The images that a network forgets most often during training (Toneva et al., 2019). */
    FORGETTING("forgetting", MethodDefinition.withoutRealBatches(Initialiser.FORGETTING)),
    /** Crops with a low loss under a trained network, with soft labels from that network (CVPR 2024). */
    RDED("rded", MethodDefinition.withoutRealBatches(Initialiser.CROPS)),
    /** The images nearest to the centroids of a k-means clustering of a trained network's features (DC-BENCH). */
    K_MEANS("k-means", MethodDefinition.withoutRealBatches(Initialiser.K_MEANS));

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // a record of enums
    private final MethodDefinition composition;

    Method(String label, MethodDefinition composition) {
        this.label = label;
        this.composition = composition;
    }

    @Override
    public String label() {
        return label;
    }

    /** The parts of the method, as published. */
    public MethodDefinition composition() {
        return composition;
    }

    /**
     * Whether the initialiser uses a trained network. The coresets that a network chooses require a trained network by
     * definition, and DREAM+ never uses an untrained network, whereas DREAM starts with one.
     */
    public boolean initialisesByTrainedNetwork() {
        return switch (this) {
            case HERDING, K_CENTER, K_MEANS, FORGETTING, RDED, DREAM_PLUS -> true;
            case DREAM, IDC, DC, DSA, DM, DANCE, IDM, MTT, TGDD, TILE, RANDOM -> false;
        };
    }

    /** Whether the network that chose the images, the observer, also labels them. */
    public boolean hasObserver() {
        return this == RDED;
    }

    /** Whether the matching network is trained on the synthetic images instead of the real ones. */
    public boolean trainsOnMemory() {
        return this == DC || this == DSA;
    }

    /** Whether the method uses the trajectories of experts, which are networks trained on the real images. */
    public boolean followsExperts() {
        return trainsStudent() || isGuidedByExperts();
    }

    /** Whether a student, which is trained on the synthetic images, is compared with the experts. */
    public boolean trainsStudent() {
        return this == MTT;
    }

    /** Whether the class steps match features of the experts, at some stage of their training. */
    public boolean isGuidedByExperts() {
        return this == TGDD;
    }

    /** Whether the method learns the synthetic images; coresets do not. */
    public boolean learns() {
        return composition.matchesRealBatches() || trainsStudent();
    }

    /**
     * Finds a method by its name on the command line.
     *
     * @throws IllegalArgumentException if no method has that name; the message lists all methods
     */
    public static Method of(String label) {
        return Arrays.stream(values())
                .filter(method -> method.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown method '" + label + "'; choose one of "
                        + String.join(
                                ", ", Arrays.stream(values()).map(Method::label).toList())));
    }
}
