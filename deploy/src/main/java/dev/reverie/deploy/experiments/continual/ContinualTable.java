package dev.reverie.deploy.experiments.continual;

import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The summaries in words and figures. */
public final class ContinualTable {

    private static final double PERCENT = 100;

    private ContinualTable() {}

    /** The table for a terminal, and what DREAM gains below it. */
    public static List<String> lines(List<MethodSummary> methods) {
        List<String> lines = new ArrayList<>();
        lines.add(row("memory", "final (%)", "average (%)", "forgetting (%)", "made of"));
        for (MethodSummary summary : methods) {
            lines.add(row(
                    summary.method().label(),
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

    /** What was done in which order, below the table. */
    public static List<String> circumstances(ContinualResult result) {
        List<String> lines = new ArrayList<>();
        lines.add("Protocol " + result.protocol().label() + ": "
                + result.protocol().meaning() + ".");
        result.orders().stream()
                .map(order -> "Seed " + order.seed() + ": "
                        + order.classes().stream()
                                .map(step -> String.join(", ", step))
                                .collect(Collectors.joining(" | ")))
                .forEach(lines::add);
        return lines;
    }

    private static String row(String memory, String last, String average, String forgetting, String madeOf) {
        return "%-10s  %-11s  %-11s  %-14s  %s".formatted(memory, last, average, forgetting, madeOf);
    }

    /** By how much the final accuracy of what is learned is above the others', one sentence each. */
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
            coreset.ifPresent(best -> gains.add(points(learned, best) + " in the end over the best coreset ("
                    + best.method().label() + ")"));
            tile.ifPresent(start -> gains.add(points(learned, start) + " in the end over what is never learned"));
        });
        return gains;
    }

    private static String points(MethodSummary better, MethodSummary other) {
        double gain = better.finalAccuracy().mean() - other.finalAccuracy().mean();
        return String.format(Locale.ROOT, "%s: %+.1f points", better.method().label(), PERCENT * gain);
    }

    /** Reads like {@code 82.4 ± 0.3}; without a deviation, as of a single seed, like {@code 82.4}. */
    private static String percent(MeanAndStd spread) {
        return spread.std() == 0
                ? String.format(Locale.ROOT, "%.1f", PERCENT * spread.mean())
                : String.format(Locale.ROOT, "%.1f ± %.1f", PERCENT * spread.mean(), PERCENT * spread.std());
    }
}
