package dev.reverie.gpu.method;

import dev.reverie.gpu.objective.Objective;
import dev.reverie.gpu.select.Selection;
import java.util.Optional;

/**
 * What a method is made of: where the synthetic images start, which real images each step matches, and what of them.
 * DREAM is IDC with two other parts, DREAM+ is DREAM with another objective, a coreset is an initialiser that nothing
 * follows.
 *
 * @param representatives chooses the real batch of each step; empty where there is none, since nothing is learned or,
 *     as by mtt, from experts alone, and the objective is never looked at
 */
public record Composition(Initialiser initialiser, Optional<Selection> representatives, Objective objective) {

    static Composition of(Initialiser initialiser, Selection representatives, Objective objective) {
        return new Composition(initialiser, Optional.of(representatives), objective);
    }

    static Composition coreset(Initialiser initialiser) {
        return new Composition(initialiser, Optional.empty(), Objective.GRADIENTS);
    }

    public Composition with(Initialiser other) {
        return new Composition(other, representatives, objective);
    }

    public Composition with(Selection other) {
        return new Composition(initialiser, Optional.of(other), objective);
    }

    public Composition with(Objective other) {
        return new Composition(initialiser, representatives, other);
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
        return representatives.equals(Optional.of(Selection.K_MEANS)) && !objective.gradients();
    }
}
