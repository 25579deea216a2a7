package dev.reverie.actors.service;

import dev.reverie.actors.telemetry.ClassPhase;

/**
 * Detects from its matching losses when a class has converged and when it has drifted. It compares means over whole
 * outer iterations: each begins with a new network and trains it in the same way, while losses within one iteration
 * can't be compared. Not thread safe.
 *
 * <p>A class has converged when its mean loss has not improved for some iterations. A converged class has drifted when
 * its mean rises well above the level at convergence, because its new real images differ from those that it was learned
 * from. A converged class is visited rarely, and the losses vary by a third from network to network if they compare
 * features, so its mean covers several iterations, and it counts as above the level only if chance is an unlikely
 * cause.
 */
final class ConvergenceDetector {

    /** Fewest class steps after convergence that give an estimate of the variance. */
    private static final int MIN_STEPS_CONVERGED = 10;

    /** Class steps after convergence at which the mean starts again, so that old losses do not hide a drift. */
    private static final int MAX_STEPS_CONVERGED = 50;

    /** Standard errors that are subtracted from the mean loss of a converged class. */
    private static final double STANDARD_ERRORS = 2;

    private final ServicePolicy policy;
    private double sum;
    private double sumOfSquares;
    private int count;
    private double level = Double.POSITIVE_INFINITY;
    private int iterationsWithoutImprovement;

    ConvergenceDetector(ServicePolicy policy) {
        this.policy = policy;
    }

    /** Records the loss of a class step. */
    void add(double loss) {
        sum += loss;
        sumOfSquares += loss * loss;
        count++;
    }

    /**
     * Ends an outer iteration.
     *
     * @param now the phase of the class
     * @return the next phase of the class, which may be the same
     */
    ClassPhase endIteration(ClassPhase now) {
        if (count == 0) {
            return now;
        }
        return switch (now) {
            case DISTILLING -> detectConvergence();
            case CONVERGED -> detectDrift();
            case COLLECTING, SEALED -> now;
        };
    }

    private ClassPhase detectConvergence() {
        double mean = mean();
        if (mean < level * (1 - policy.improvement())) {
            level = mean;
            iterationsWithoutImprovement = 0;
        } else {
            iterationsWithoutImprovement++;
        }
        resetMean();
        return iterationsWithoutImprovement >= policy.patience() ? ClassPhase.CONVERGED : ClassPhase.DISTILLING;
    }

    private ClassPhase detectDrift() {
        if (count < MIN_STEPS_CONVERGED) {
            return ClassPhase.CONVERGED;
        }
        double mean = mean();
        level = Double.isFinite(level) ? level : mean;
        if (mean - STANDARD_ERRORS * standardError() > level * policy.drift()) {
            level = mean;
            iterationsWithoutImprovement = 0;
            resetMean();
            return ClassPhase.DISTILLING;
        }
        if (count >= MAX_STEPS_CONVERGED) {
            resetMean();
        }
        return ClassPhase.CONVERGED;
    }

    private double mean() {
        return sum / count;
    }

    private double standardError() {
        double variance = Math.max(0, sumOfSquares / count - mean() * mean());
        return Math.sqrt(variance / (count - 1));
    }

    private void resetMean() {
        sum = 0;
        sumOfSquares = 0;
        count = 0;
    }
}
