package dev.reverie.lab.continual;

import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Formats the summaries of a class-incremental experiment for a terminal. */
public final class ContinualTable {

    private static final double PERCENT = 100;

    private ContinualTable() {}

    /** Returns a table of all methods and, below it, the gains of the distilled memories. */
    public static List<String> lines(List<MethodSummary> methods) {
        List<String> lines = new ArrayList<>();
        lines.add(row("memory", "bytes", "npz bytes", "final (%)", "average (%)", "forgetting (%)", "made of"));
        for (MethodSummary summary : methods) {
            lines.add(row(
                    summary.method().label(),
                    String.format(Locale.ROOT, "%,d", summary.bytes()),
                    String.format(Locale.ROOT, "%,d", summary.npzBytes()),
                    percent(summary.finalAccuracy()),
                    percent(summary.averageAccuracy()),
                    summary.forgetting().map(ContinualTable::percent).orElse("-"),
                    summary.method().madeOf()));
        }
        List<String> gains = gains(methods);
        if (!gains.isEmpty()) {
            lines.add("");
            lines.addAll(gains);
        }
        return lines;
    }

    /** Returns lines that describe the protocol and, for each seed, the order of the classes. */
    public static List<String> protocolLines(ContinualResult result) {
        List<String> lines = new ArrayList<>();
        lines.add("Protocol " + result.protocol().label() + ": "
                + result.protocol().description() + ".");
        result.orders().stream()
                .map(order -> "Seed " + order.seed() + ": "
                        + order.classes().stream()
                                .map(step -> String.join(", ", step))
                                .collect(Collectors.joining(" | ")))
                .forEach(lines::add);
        return lines;
    }

    private static String row(
            String memory,
            String bytes,
            String npzBytes,
            String finalAccuracy,
            String average,
            String forgetting,
            String madeOf) {
        return "%-12s  %9s  %9s  %-11s  %-11s  %-14s  %s"
                .formatted(memory, bytes, npzBytes, finalAccuracy, average, forgetting, madeOf);
    }

    /** Returns the gains of the distilled memories in final accuracy, one per line. */
    private static List<String> gains(List<MethodSummary> methods) {
        Optional<MethodSummary> coreset = methods.stream()
                .filter(summary -> summary.method().isCoreset())
                .max(Comparator.comparingDouble(
                        summary -> summary.finalAccuracy().mean()));
        Optional<MethodSummary> tile = methods.stream()
                .filter(summary -> summary.method() == MemoryMethod.TILE)
                .findFirst();
        List<String> gains = new ArrayList<>();
        methods.stream().filter(summary -> summary.method().isLearned()).forEach(learned -> {
            coreset.ifPresent(best -> gains.add(points(learned, best) + " of final accuracy over the best coreset ("
                    + best.method().label() + ")"));
            tile.ifPresent(start -> gains.add(points(learned, start) + " of final accuracy over "
                    + (learned.method() == MemoryMethod.DREAM
                            ? "its initial images"
                            : start.method().label())));
        });
        return gains;
    }

    private static String points(MethodSummary better, MethodSummary other) {
        double gain = better.finalAccuracy().mean() - other.finalAccuracy().mean();
        return String.format(Locale.ROOT, "%s: %+.1f points", better.method().label(), PERCENT * gain);
    }

    /**
     * Formats an accuracy in percent, for example {@code 82.4 ± 0.3}; omits a deviation of zero, as for a single seed.
     */
    private static String percent(MeanAndStd accuracy) {
        return accuracy.std() == 0
                ? String.format(Locale.ROOT, "%.1f", PERCENT * accuracy.mean())
                : String.format(Locale.ROOT, "%.1f ± %.1f", PERCENT * accuracy.mean(), PERCENT * accuracy.std());
    }
}
