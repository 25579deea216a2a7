package dev.reverie.actors.live;

import dev.reverie.actors.lifecycle.ClassPhase;

/**
 * The matching loss of one class, from outer iteration to outer iteration. Every iteration begins with a new network
 * and trains it alike, so the means of whole iterations can be compared; losses within one can't. Not thread safe.
 *
 * <p>A class has converged when its mean has not become better for some iterations. A converged class whose mean rises
 * well above that level has drifted: its new real images pull elsewhere than those that it has learned from.
 */
final class LearningCurve {

    private final LivePolicy policy;
    private double sum;
    private int count;
    private double best = Double.POSITIVE_INFINITY;
    private int withoutImprovement;

    LearningCurve(LivePolicy policy) {
        this.policy = policy;
    }

    /** A class step was made. */
    void add(double loss) {
        sum += loss;
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
        double mean = sum / count;
        sum = 0;
        count = 0;
        return switch (now) {
            case DISTILLING -> afterLearning(mean);
            case CONVERGED -> afterRest(mean);
            case COLLECTING, SEALED -> now;
        };
    }

    private ClassPhase afterLearning(double mean) {
        if (mean < best * (1 - policy.improvement())) {
            best = mean;
            withoutImprovement = 0;
        } else {
            withoutImprovement++;
        }
        return withoutImprovement >= policy.patience() ? ClassPhase.CONVERGED : ClassPhase.DISTILLING;
    }

    private ClassPhase afterRest(double mean) {
        best = Double.isFinite(best) ? best : mean;
        if (mean <= best * policy.drift()) {
            return ClassPhase.CONVERGED;
        }
        best = mean;
        withoutImprovement = 0;
        return ClassPhase.DISTILLING;
    }
}
