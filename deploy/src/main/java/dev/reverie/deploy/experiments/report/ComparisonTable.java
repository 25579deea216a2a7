package dev.reverie.deploy.experiments.report;

import dev.reverie.gpu.method.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A comparison in words and figures. */
public final class ComparisonTable {

    private ComparisonTable() {}

    /** The table for a terminal, and the two gains below it. */
    public static List<String> lines(Comparison comparison) {
        List<String> lines = new ArrayList<>();
        lines.add("%-10s  %-15s  %s".formatted("set", "accuracy (%)", "made of"));
        for (SetScore score : comparison.scores()) {
            lines.add("%-10s  %-15s  %s".formatted(score.method().label(), accuracy(score), madeOf(score.method())));
        }
        lines.add("");
        lines.addAll(gains(comparison));
        return lines;
    }

    /** How much better the learned set is, one sentence each. */
    static List<String> gains(Comparison comparison) {
        List<String> gains = new ArrayList<>();
        comparison
                .bestCoreset()
                .ifPresent(best -> gains.add(points(comparison.gainOver(best)) + " over the best coreset ("
                        + best.method().label() + ")"));
        comparison
                .start()
                .ifPresent(start -> gains.add(points(comparison.gainOver(start)) + " over its own starting point"));
        return gains;
    }

    /** Reads like {@code 82.4 ± 0.3}; without a deviation, as of a single network, like {@code 82.4}. */
    static String accuracy(SetScore score) {
        if (score.std() == 0) {
            return String.format(Locale.ROOT, "%.1f", 100 * score.mean());
        }
        return String.format(Locale.ROOT, "%.1f ± %.1f", 100 * score.mean(), 100 * score.std());
    }

    static String madeOf(Method method) {
        return switch (method) {
            case DREAM -> "learned images, matched with k-means representatives";
            case DREAM_PLUS -> "learned images, matched with k-means representatives by features too";
            case IDC -> "learned images, matched with random real ones";
            case DC -> "learned images, matched with random real ones by all gradients";
            case DSA -> "learned images, matched with random real ones by all gradients, augmented";
            case DM -> "learned images, whose mean features follow their class in untrained networks";
            case DANCE -> "learned images, whose mean features follow their class in trained networks";
            case MTT -> "learned images, on which a network goes where it would on the real ones";
            case TILE -> "where dream starts: real images nearest to k-means centroids";
            case RANDOM -> "real images, drawn at random";
            case HERDING -> "real images whose mean features follow their class";
            case K_CENTER -> "real images that cover their class";
            case FORGETTING -> "real images that a network in training forgets most often";
            case RDED -> "crops of real images that a network is sure of, with its soft labels";
            case K_MEANS -> "real images nearest to k-means centroids";
        };
    }

    private static String points(double gain) {
        return String.format(Locale.ROOT, "%+.1f points", gain);
    }
}
