package dev.reverie.lab.report;

import dev.reverie.gpu.method.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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

        /**
         * Returns the percentage, for example {@code 82.4 ± 0.3}; omits a deviation of zero, as for a single network.
         */
        String text() {
            return std == 0
                    ? String.format(Locale.ROOT, "%.1f", percent())
                    : String.format(Locale.ROOT, "%.1f ± %.1f", percent(), 100 * std);
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

    /** Returns the table and, below it, the gains of the distilled set. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("%-10s  %-15s  %s".formatted("set", "accuracy (%)", "made of"));
        for (SetAccuracy accuracy : accuracies) {
            lines.add("%-10s  %-15s  %s"
                    .formatted(accuracy.method().label(), accuracy.text(), madeOf(accuracy.method())));
        }
        lines.add("");
        lines.addAll(gains());
        return lines;
    }

    /** Returns the gains of the distilled set, one per line. */
    List<String> gains() {
        List<String> gains = new ArrayList<>();
        bestCoreset()
                .ifPresent(best -> gains.add(points(gainOver(best)) + " over the best coreset ("
                        + best.method().label() + ")"));
        initialImages().ifPresent(initial -> gains.add(points(gainOver(initial)) + " over its initial images"));
        return gains;
    }

    /** Says in a few words what the images of a method are. */
    static String madeOf(Method method) {
        return switch (method) {
            case DREAM -> "synthetic images, matched to k-means representatives";
            case DREAM_PLUS -> "synthetic images, matched to k-means representatives by gradients and features";
            case IDC -> "synthetic images, matched to random real images";
            case DC -> "synthetic images, matched to random real images by all gradients";
            case DSA -> "synthetic images, matched to random real images by all gradients, with augmentation";
            case DM -> "synthetic images with the mean features of their class in untrained networks";
            case DANCE -> "synthetic images with the mean features of their class in trained networks";
            case IDM -> "synthetic images with the mean features of their class in networks at all stages of training";
            case MTT -> "synthetic images on which training follows expert trajectories";
            case TGDD -> "synthetic images with the mean features of their class along the training of experts";
            case TILE -> "dream's initial images: real images nearest to k-means centroids";
            case RANDOM -> "real images, drawn at random";
            case HERDING -> "real images whose mean features approximate those of their class";
            case K_CENTER -> "real images that cover their class";
            case FORGETTING -> "real images that a network forgets most often during training";
            case RDED -> "crops of real images that a network classifies confidently, with its soft labels";
            case K_MEANS -> "real images nearest to k-means centroids";
        };
    }

    private static String points(double gain) {
        return String.format(Locale.ROOT, "%+.1f points", gain);
    }
}
