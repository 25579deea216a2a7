package dev.reverie.lab.demo;

import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.gpu.method.Method;
import dev.reverie.lab.report.Percent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The accuracies of sets that store equal numbers of images and were evaluated in the same way.
 *
 * @param sets the distilled set, its initial images, and at least one coreset, in this order
 */
record Comparison(List<SetAccuracy> sets) {

    /** The test accuracy of networks that were trained on the set of a method, in [0, 1]. */
    record SetAccuracy(Method method, MeanAndStd accuracy) {

        /** Says in a few words what the images are. */
        String madeOf() {
            return switch (method) {
                case DREAM -> "synthetic images, matched to k-means representatives";
                case TILE -> "dream's initial images: real images nearest to k-means centroids";
                case RANDOM -> "real images, drawn at random";
                case HERDING -> "real images whose mean features approximate those of their class";
                case K_CENTER -> "real images that cover their class";
                default -> throw new IllegalArgumentException("the demo makes no set by " + method.label());
            };
        }
    }

    /**
     * How much better the distilled set is than others.
     *
     * @param points difference of the rounded percentages, so that it matches the figures that readers see
     */
    record Gain(double points, String over) {

        String text() {
            return String.format(Locale.ROOT, "%+.1f", points);
        }
    }

    Comparison {
        sets = List.copyOf(sets);
    }

    SetAccuracy distilled() {
        return sets.getFirst();
    }

    /** Returns the gain over the best coreset, and that over the initial images. */
    List<Gain> gains() {
        SetAccuracy best = coresets().stream()
                .max(Comparator.comparingDouble(set -> set.accuracy().mean()))
                .orElseThrow();
        return List.of(
                gain(best, "the best coreset (" + best.method().label() + ")"),
                gain(sets.get(1), "its initial images"));
    }

    private List<SetAccuracy> coresets() {
        return sets.subList(2, sets.size());
    }

    private Gain gain(SetAccuracy other, String over) {
        double percent = Percent.rounded(distilled().accuracy().mean());
        return new Gain(percent - Percent.rounded(other.accuracy().mean()), over);
    }

    /** Returns the table and, below it, the gains of the distilled set. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(row("set", "accuracy (%)", "made of"));
        sets.forEach(set -> lines.add(row(set.method().label(), Percent.text(set.accuracy()), set.madeOf())));
        lines.add("");
        gains().forEach(gain -> lines.add(gain.text() + " points over " + gain.over()));
        return lines;
    }

    private static String row(String set, String accuracy, String madeOf) {
        return "%-10s  %-15s  %s".formatted(set, accuracy, madeOf);
    }
}
