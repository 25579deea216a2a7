package dev.reverie.actors.service;

import dev.reverie.actors.telemetry.ClassPhase;

/**
 * Detects when a class has converged and when it has drifted. The detector compares the mean matching losses of whole
 * outer iterations. These means can be compared, because each iteration begins with a new network and trains it in the
 * same way. Losses within one iteration cannot be compared. Not thread safe.
 *
 * <p>A class has converged when its mean loss has not improved for some iterations. A converged class has drifted when
 * its mean loss rises well above the level at convergence. Its new real images then differ from those from which it was
 * learned. A converged class is visited rarely, and losses that compare features vary by a third from network to
 * network. Therefore the mean of a converged class covers several iterations, and a rise counts only if it is unlikely
 * to be due to chance.
 */
final class ConvergenceDetector {

    /** Minimum number of class steps after convergence for an estimate of the variance. */
    private static final int MIN_STEPS_CONVERGED = 10;

    /**
     * Number of class steps after which the mean of a converged class starts again, so that old losses do not hide a
     * drift.
     */
    private static final int MAX_STEPS_CONVERGED = 50;

    /** Number of standard errors that are subtracted from the mean loss of a converged class. */
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

    /** Forgets all losses, because later ones cannot be compared with them. */
    void restart() {
        level = Double.POSITIVE_INFINITY;
        iterationsWithoutImprovement = 0;
        resetMean();
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

    /** The least number of outer iterations that must end before a class that is being distilled has converged. */
    int leastIterations() {
        int first = Double.isFinite(level) ? 0 : 1;
        return first + policy.patience() - iterationsWithoutImprovement;
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
