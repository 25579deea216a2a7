package dev.reverie.actors.run;

import dev.reverie.gpu.dataset.DistilledSet;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/**
 * The evaluation of the distilled set during a run: at its start, at its end, and in between whenever a given time has
 * passed. The time that evaluations take counts in no duration of the run.
 *
 * @param interval learning time between two evaluations, positive
 */
public record SetEvaluation(Duration interval, SetEvaluator evaluator) {

    public SetEvaluation {
        if (!interval.isPositive()) {
            throw new IllegalArgumentException("the time between two evaluations must be positive, got " + interval);
        }
    }

    /** Trains a network on a distilled set and tests it. */
    @FunctionalInterface
    public interface SetEvaluator {

        /**
         * Evaluates a set; called on a thread that may block.
         *
         * @param stopped whether the evaluation should end without a result, because the user stops the run
         * @return accuracy on test images, in [0, 1]; empty if the evaluation was stopped
         */
        OptionalDouble accuracy(DistilledSet set, BooleanSupplier stopped);
    }
}
