package dev.reverie.gpu.method;

import dev.reverie.gpu.objective.MatchingObjective;
import dev.reverie.gpu.select.SelectionRule;
import java.util.Optional;

/**
 * What a method is made of: where the synthetic images start, which real images each step matches, and what of them.
 * DREAM is IDC with two other parts, DREAM+ is DREAM with another objective, a coreset is an initialiser that nothing
 * follows.
 *
 * @param representatives chooses the real batch of each step; empty where there is none, since nothing is learned or,
 *     as by mtt, from experts alone, and the objective is never looked at
 */
public record MethodDefinition(
        Initialiser initialiser, Optional<SelectionRule> representatives, MatchingObjective objective) {

    static MethodDefinition of(Initialiser initialiser, SelectionRule representatives, MatchingObjective objective) {
        return new MethodDefinition(initialiser, Optional.of(representatives), objective);
    }

    static MethodDefinition coreset(Initialiser initialiser) {
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

    /** Whether synthetic images are learned by matching class by class; those of mtt are learned without. */
    public boolean learns() {
        return representatives.isPresent();
    }

    /**
     * Whether the representatives stand for clusters of unequal size, each weighing as much as its cluster: where mean
     * features are matched, what is to be met is the mean of the whole class.
     */
    public boolean weighsRepresentatives() {
        return representatives.equals(Optional.of(SelectionRule.K_MEANS)) && !objective.gradients();
    }
}
