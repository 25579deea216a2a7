package dev.reverie.lab.report;

import dev.reverie.gpu.method.Method;
import dev.reverie.lab.report.Comparison.SetAccuracy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats a comparison for a terminal. */
public final class ComparisonTable {

    private ComparisonTable() {}

    /** Returns the table and, below it, the gains of the distilled set. */
    public static List<String> lines(Comparison comparison) {
        List<String> lines = new ArrayList<>();
        lines.add("%-10s  %-15s  %s".formatted("set", "accuracy (%)", "made of"));
        for (SetAccuracy accuracy : comparison.accuracies()) {
            lines.add("%-10s  %-15s  %s"
                    .formatted(accuracy.method().label(), accuracy(accuracy), madeOf(accuracy.method())));
        }
        lines.add("");
        lines.addAll(gains(comparison));
        return lines;
    }

    /** Returns the gains of the distilled set, one per line. */
    static List<String> gains(Comparison comparison) {
        List<String> gains = new ArrayList<>();
        comparison
                .bestCoreset()
                .ifPresent(best -> gains.add(points(comparison.gainOver(best)) + " over the best coreset ("
                        + best.method().label() + ")"));
        comparison
                .initialImages()
                .ifPresent(initial -> gains.add(points(comparison.gainOver(initial)) + " over its initial images"));
        return gains;
    }

    /**
     * Formats an accuracy in percent, for example {@code 82.4 ± 0.3}; omits a deviation of zero, as for a single
     * network.
     */
    static String accuracy(SetAccuracy accuracy) {
        if (accuracy.std() == 0) {
            return String.format(Locale.ROOT, "%.1f", accuracy.percent());
        }
        return String.format(Locale.ROOT, "%.1f ± %.1f", accuracy.percent(), 100 * accuracy.std());
    }

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
