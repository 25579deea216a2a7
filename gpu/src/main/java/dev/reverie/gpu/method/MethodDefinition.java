package dev.reverie.gpu.method;

import dev.reverie.gpu.objective.MatchingObjective;
import dev.reverie.gpu.select.SelectionRule;
import java.util.Optional;

/**
 * The parts of a method: the initialiser of the synthetic images, the selection of the real batch of each step, and the
 * matching objective. DREAM is IDC with another initialiser and another selection rule, DREAM+ is DREAM with another
 * objective, and a coreset is only an initialiser.
 *
 * @param representatives selection rule for the real batch of each step; empty for coresets and for mtt, which have no
 *     real batches and do not use the objective
 */
public record MethodDefinition(
        Initialiser initialiser, Optional<SelectionRule> representatives, MatchingObjective objective) {

    static MethodDefinition of(Initialiser initialiser, SelectionRule representatives, MatchingObjective objective) {
        return new MethodDefinition(initialiser, Optional.of(representatives), objective);
    }

    /** Defines a method that matches no real batches: a coreset, or mtt. */
    static MethodDefinition withoutRealBatches(Initialiser initialiser) {
        return new MethodDefinition(initialiser, Optional.empty(), MatchingObjective.GRADIENTS);
    }

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
     * mtt, which learns them from experts.
     */
    public boolean matchesRealBatches() {
        return representatives.isPresent();
    }

    /** Whether a network chooses representatives or initial images. */
    public boolean choosesByNetwork() {
        return representatives.filter(SelectionRule::needsFeatures).isPresent()
                || switch (initialiser) {
                    case K_MEANS, CENTRAL, BOUNDARY, HERDING, K_CENTER, CROPS, FORGETTING -> true;
                    case IN_ORDER, RANDOM, NOISE, NORMALISED_NOISE -> false;
                };
    }

    /**
     * Whether each representative is weighted by the size of its cluster. Feature matching needs these weights, because
     * its target is a statistic of the whole class.
     */
    public boolean weighsRepresentatives() {
        return representatives.equals(Optional.of(SelectionRule.K_MEANS)) && !objective.matchesGradients();
    }
}
