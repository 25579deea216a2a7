package dev.reverie.lab.report;

import dev.reverie.gpu.method.Method;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The accuracies of sets that store equal numbers of images and were evaluated in the same way.
 *
 * @param accuracies the accuracy of each set, the distilled set first
 */
public record Comparison(List<SetAccuracy> accuracies) {

    private static final Set<Method> CORESETS =
            Set.of(Method.RANDOM, Method.HERDING, Method.K_CENTER, Method.K_MEANS, Method.FORGETTING);

    /**
     * The accuracy of networks trained on one set.
     *
     * @param method the method that made the set
     * @param mean test accuracy over the repeats, in [0, 1]
     * @param std population standard deviation over the repeats, in [0, 1]
     */
    public record SetAccuracy(Method method, double mean, double std) {

        public SetAccuracy {
            if (!(mean >= 0 && mean <= 1) || !(std >= 0)) {
                throw new IllegalArgumentException(
                        "expected an accuracy in [0, 1] with a deviation of at least 0, got " + mean + " and " + std);
            }
        }

        /** Returns the mean in percent, rounded to one decimal place as in the table and the report. */
        double percent() {
            return Math.round(1000 * mean) / 10.0;
        }
    }

    public Comparison {
        accuracies = List.copyOf(accuracies);
        if (accuracies.isEmpty()) {
            throw new IllegalArgumentException("a comparison needs at least the distilled set");
        }
    }

    /** Returns the accuracy of the distilled set. */
    public SetAccuracy distilled() {
        return accuracies.getFirst();
    }

    /** Returns the accuracy of the initial images, if they are part of the comparison. */
    public Optional<SetAccuracy> initialImages() {
        return accuracies.stream()
                .filter(accuracy -> accuracy.method() == Method.TILE)
                .findFirst();
    }

    /** Returns the accuracy of the best coreset, if the comparison contains any. */
    public Optional<SetAccuracy> bestCoreset() {
        return accuracies.stream()
                .filter(accuracy -> CORESETS.contains(accuracy.method()))
                .max(Comparator.comparingDouble(SetAccuracy::mean));
    }

    /**
     * Returns the gain of the distilled set over another one, in percentage points. It is the difference of the rounded
     * accuracies, so that it matches the figures that readers see.
     */
    public double gainOver(SetAccuracy other) {
        return distilled().percent() - other.percent();
    }
}
