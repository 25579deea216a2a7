package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Method.MethodDefinition;
import dev.reverie.gpu.objective.MatchingObjective;
import dev.reverie.gpu.select.SelectionRule;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Refuses options that have no effect on a method. Each check throws an {@link InputException} if the option is given
 * and has none.
 *
 * @param parts the parts of the method, of which options may have replaced some
 */
record EffectCheck(Method method, MethodDefinition parts) {

    void learning(String option, Optional<?> given) {
        require(method.learns(), option, given, "which selects images and learns nothing");
    }

    void matching(String option, Optional<?> given) {
        learning(option, given);
        require(!method.isJoint(), option, given, "whose classes share a loss");
    }

    /** Checks an option of the real images of a step, of which a method that fits a model uses only the number. */
    void realImages(String option, Optional<?> given, boolean onlyNumber) {
        learning(option, given);
        require(!method.trainsStudent(), option, given, "which matches expert trajectories");
        require(onlyNumber || !method.fitsModel(), option, given, "except with a number alone");
    }

    void network(String option, Optional<?> given) {
        require(method.learns() || parts.choosesByNetwork(), option, given, "which uses no network");
    }

    void candidates(String option, Optional<?> given) {
        require(parts.choosesByNetwork(), option, given, "which chooses no images by a network");
    }

    /** Checks an option of the choice of the representatives, which only some rules use. */
    void representatives(String option, Optional<?> given, Predicate<SelectionRule> uses) {
        matching(option, given);
        parts.representatives()
                .filter(rule -> given.isPresent() && !uses.test(rule))
                .ifPresent(rule -> {
                    throw new InputException(option + " does not apply to " + rule.label()
                            + " representatives: omit the option, or choose others, for example with --representatives"
                            + " kmeans");
                });
    }

    void distance(String option, Optional<?> given) {
        matching(option, given);
        MatchingObjective objective = parts.objective();
        if (given.isPresent() && !objective.matchesGradients() && objective != MatchingObjective.FEATURES) {
            throw new InputException(option + " does not apply to the objective " + objective.label()
                    + ", which has a distance of its own: omit the option");
        }
    }

    private void require(boolean effective, String option, Optional<?> given, String reason) {
        if (given.isPresent() && !effective) {
            throw new InputException(option + " does not apply to --method " + method.label() + ", " + reason
                    + ": omit the option, or choose another --method");
        }
    }
}
