package dev.reverie.actors.service;

import dev.reverie.actors.lifecycle.ClassPhase;

/**
 * The matching loss of one class, from outer iteration to outer iteration. Every iteration begins with a new network
 * and trains it alike, so the means of whole iterations can be compared; losses within one can't. Not thread safe.
 *
 * <p>A class has converged when its mean has not become better for some iterations. A converged class whose mean rises
 * well above that level has drifted: its new real images pull elsewhere than those that it has learned from. It is
 * visited rarely and losses scatter, by a third from one network to the next with features, so its mean goes on over
 * several iterations, and counts as above the level when chance alone would hardly have brought it there.
 */
final class LearningCurve {

    /** Class steps at rest, from which a scatter can be told. */
    private static final int FEWEST_AT_REST = 10;

    /** Class steps at rest, after which the mean begins anew: those before lie too far back. */
    private static final int MOST_AT_REST = 50;

    /** Standard errors by which a mean at rest is taken to be lower than it seems. */
    private static final double CHANCE = 2;

    private final ServicePolicy policy;
    private double sum;
    private double squares;
    private int count;
    private double best = Double.POSITIVE_INFINITY;
    private int withoutImprovement;

    LearningCurve(ServicePolicy policy) {
        this.policy = policy;
    }

    /** A class step was made. */
    void add(double loss) {
        sum += loss;
        squares += loss * loss;
        count++;
    }

    /**
     * An outer iteration is over.
     *
     * @param now the phase of the class
     * @return the phase it should be in
     */
    ClassPhase endIteration(ClassPhase now) {
        if (count == 0) {
            return now;
        }
        return switch (now) {
            case DISTILLING -> afterLearning();
            case CONVERGED -> afterRest();
            case COLLECTING, SEALED -> now;
        };
    }

    private ClassPhase afterLearning() {
        double mean = mean();
        if (mean < best * (1 - policy.improvement())) {
            best = mean;
            withoutImprovement = 0;
        } else {
            withoutImprovement++;
        }
        beginMean();
        return withoutImprovement >= policy.patience() ? ClassPhase.CONVERGED : ClassPhase.DISTILLING;
    }

    private ClassPhase afterRest() {
        if (count < FEWEST_AT_REST) {
            return ClassPhase.CONVERGED;
        }
        double mean = mean();
        best = Double.isFinite(best) ? best : mean;
        if (mean - CHANCE * standardError() > best * policy.drift()) {
            best = mean;
            withoutImprovement = 0;
            beginMean();
            return ClassPhase.DISTILLING;
        }
        if (count >= MOST_AT_REST) {
            beginMean();
        }
        return ClassPhase.CONVERGED;
    }

    private double mean() {
        return sum / count;
    }

    private double standardError() {
        double variance = Math.max(0, squares / count - mean() * mean());
        return Math.sqrt(variance / (count - 1));
    }

    private void beginMean() {
        sum = 0;
        squares = 0;
        count = 0;
    }
}
