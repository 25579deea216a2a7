package dev.reverie.gpu.method;

import dev.reverie.gpu.Labelled;
import dev.reverie.gpu.objective.MatchingObjective;
import dev.reverie.gpu.select.SelectionRule;
import java.util.Optional;

/** A distillation method or a coreset, with its published {@link MethodDefinition}. */
public enum Method implements Labelled {
    /** Representative matching (ICCV 2023). */
    DREAM(Initialiser.K_MEANS, SelectionRule.K_MEANS, MatchingObjective.GRADIENTS),
    /** DREAM with matching of features and gradients, on networks trained beforehand (2023). */
    DREAM_PLUS(Initialiser.K_MEANS, SelectionRule.K_MEANS, MatchingObjective.FEATURES_AND_GRADIENTS),
    /** Efficient parameterisation of synthetic data (ICML 2022); DREAM improves on this method. */
    IDC(Initialiser.IN_ORDER, SelectionRule.RANDOM, MatchingObjective.GRADIENTS),
    /** The original gradient matching (ICLR 2021), whose networks are trained on the synthetic images. */
    DC(Initialiser.RANDOM, SelectionRule.RANDOM, MatchingObjective.ALL_GRADIENTS),
    /** DC with differentiable siamese augmentation (ICML 2021). */
    DSA(Initialiser.RANDOM, SelectionRule.RANDOM, MatchingObjective.ALL_GRADIENTS),
    /** Distribution matching: mean features of untrained networks (WACV 2023). */
    DM(Initialiser.RANDOM, SelectionRule.RANDOM, MatchingObjective.FEATURES),
    /** Distribution matching with a pool of trained networks and with calibration (IJCAI 2024). */
    DANCE(Initialiser.IN_ORDER, SelectionRule.RANDOM, MatchingObjective.FEATURES),
    /** Distribution matching with a queue of networks at all stages of training, and with calibration (CVPR 2023). */
    IDM(Initialiser.RANDOM, SelectionRule.RANDOM, MatchingObjective.FEATURES),
    /**
     * Trajectory matching (CVPR 2022), with the gradient of TESLA (ICML 2023) unless unrolled. It uses no real batch.
     */
    MTT(Initialiser.RANDOM),
    /**
     * Kernel ridge regression on features (FRePo, NeurIPS 2022; KIP, RFAD). Its real batch has images of all classes.
     */
    RIDGE(Initialiser.RANDOM),
    /** Back-propagation through the training of a student (2018), in windows at random places (RaT-BPTT, ICLR 2024). */
    BPTT(Initialiser.RANDOM),
    /** Alignment of the mean outputs of all layers, with discrimination of the classes (CVPR 2022). */
    CAFE(Initialiser.RANDOM),
    /** Distribution matching along the training of experts, with calibration by later stages (AAAI 2026). */
    TGDD(Initialiser.IN_ORDER, SelectionRule.RANDOM, MatchingObjective.FEATURES),
    /** The initialisation of DREAM by k-means and multi-formation, without learning. */
    TILE(Initialiser.K_MEANS),
    RANDOM(Initialiser.RANDOM),
    HERDING(Initialiser.HERDING),
    K_CENTER(Initialiser.K_CENTER),
    /** The images that a network forgets most often during training (Toneva et al., 2019). */
    FORGETTING(Initialiser.FORGETTING),
    /** Crops with a low loss under a trained network, with soft labels from that network (CVPR 2024). */
    RDED(Initialiser.CROPS),
    /** The images nearest to the centroids of a k-means clustering of a trained network's features (DC-BENCH). */
    K_MEANS(Initialiser.K_MEANS);

    @SuppressWarnings("ImmutableEnumChecker") // a record of enums
    private final MethodDefinition composition;

    /** A method that matches no real batches of one class: a coreset, or one with a joint loss. */
    Method(Initialiser initialiser) {
        this.composition = new MethodDefinition(initialiser, Optional.empty(), MatchingObjective.GRADIENTS);
    }

    Method(Initialiser initialiser, SelectionRule representatives, MatchingObjective objective) {
        this.composition = new MethodDefinition(initialiser, Optional.of(representatives), objective);
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
            case DREAM, IDC, DC, DSA, DM, DANCE, IDM, MTT, RIDGE, BPTT, CAFE, TGDD, TILE, RANDOM -> false;
        };
    }

    /** Whether the network that chose the images, the observer, also labels them. */
    public boolean hasObserver() {
        return this == RDED;
    }

    /** Whether the matching network is trained on the synthetic images instead of the real ones. */
    public boolean trainsOnMemory() {
        return this == DC || this == DSA || this == RIDGE || this == CAFE;
    }

    /** Whether the method uses the trajectories of experts, which are networks trained on the real images. */
    public boolean followsExperts() {
        return trainsStudent() || isGuidedByExperts();
    }

    /** Whether a student, which is trained on the synthetic images, is compared with the experts. */
    public boolean trainsStudent() {
        return this == MTT;
    }

    /** Whether a model is fitted to the synthetic images of all classes, and compared with real images. */
    public boolean fitsModel() {
        return this == RIDGE || this == BPTT || this == CAFE;
    }

    /** Whether the synthetic images of all classes share one loss in each inner loop. */
    public boolean isJoint() {
        return trainsStudent() || fitsModel();
    }

    /** Whether the synthetic images can be learned with ConvNets only, whatever the objective. */
    public boolean needsConvNets() {
        return this == MTT || this == BPTT || this == CAFE;
    }

    /** Whether the class steps match features of the experts, at some stage of their training. */
    public boolean isGuidedByExperts() {
        return this == TGDD;
    }

    /** Whether the method learns the synthetic images; coresets do not. */
    public boolean learns() {
        return composition.matchesRealBatches() || isJoint();
    }

    /**
     * The parts of a method: the initialiser of the synthetic images, the selection of the real batch of each step, and
     * the matching objective. DREAM is IDC with another initialiser and another selection rule, DREAM+ is DREAM with
     * another objective, and a coreset is only an initialiser.
     *
     * @param representatives selection rule for the real batch of each step; empty for coresets and for methods with a
     *     joint loss, which have no real batches of one class and do not use the objective
     */
    public record MethodDefinition(
            Initialiser initialiser, Optional<SelectionRule> representatives, MatchingObjective objective) {

        public MethodDefinition with(Initialiser other) {
            return new MethodDefinition(other, representatives, objective);
        }

        public MethodDefinition with(SelectionRule other) {
            return new MethodDefinition(initialiser, Optional.of(other), objective);
        }

        public MethodDefinition with(MatchingObjective other) {
            return new MethodDefinition(initialiser, representatives, other);
        }

        /**
         * Whether the synthetic images are learned by matching real batches class by class; false for coresets, and for
         * methods with a joint loss.
         */
        public boolean matchesRealBatches() {
            return representatives.isPresent();
        }

        public boolean choosesByNetwork() {
            return representatives.filter(SelectionRule::needsFeatures).isPresent()
                    || switch (initialiser) {
                        case K_MEANS, CENTRAL, BOUNDARY, HERDING, K_CENTER, CROPS, FORGETTING -> true;
                        case IN_ORDER, RANDOM, NOISE, NORMALISED_NOISE -> false;
                    };
        }

        /**
         * Whether each representative is weighted by the size of its cluster. Feature matching needs these weights,
         * because its target is a statistic of the whole class.
         */
        public boolean weighsRepresentatives() {
            return representatives.equals(Optional.of(SelectionRule.K_MEANS)) && !objective.matchesGradients();
        }
    }
}
