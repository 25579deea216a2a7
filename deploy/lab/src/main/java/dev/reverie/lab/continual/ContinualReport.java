package dev.reverie.lab.continual;

import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.deploy.text.Plural;
import dev.reverie.lab.continual.ContinualResult.MethodSummary;
import dev.reverie.lab.continual.ContinualResult.SeedResult;
import dev.reverie.lab.report.BandChart;
import dev.reverie.lab.report.ChartAxis;
import dev.reverie.lab.report.CsvTable;
import dev.reverie.lab.report.Percent;
import dev.reverie.lab.report.ResultFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Presents the result of an experiment: its files, and the text for a terminal. */
final class ContinualReport {

    /**
     * The file with one row per method, seed and step. A row contains the size of the memory and the accuracies, as
     * fractions, on all classes seen so far and on the classes of each step.
     */
    static final String TABLE = "continual.csv";

    /** The file that plots the accuracy against the number of classes seen so far. */
    static final String CHART = "continual.svg";

    private static final String RECORD = "continual.json";

    private ContinualReport() {}

    /** Writes the CSV, JSON and SVG files, each atomically. */
    static void write(ContinualResult result, ResultFolder folder) throws IOException {
        folder.write(TABLE, csv(result).text());
        folder.write(RECORD, JsonOutput.pretty(result));
        folder.write(CHART, chart(result).toSvg());
    }

    private static CsvTable csv(ContinualResult result) {
        int steps = result.classes().size();
        List<String> columns = new ArrayList<>(
                List.of("protocol", "method", "quality", "seed", "step", "classes", "images", "bytes", "accuracy"));
        IntStream.rangeClosed(1, steps).mapToObj(step -> "step_" + step).forEach(columns::add);
        CsvTable table = new CsvTable(columns);
        for (SeedResult each : result.seedResults()) {
            for (int step = 0; step < each.steps().size(); step++) {
                SeedResult.StepAccuracy accuracy = each.steps().get(step);
                List<Object> row = new ArrayList<>(List.of(
                        result.protocol().label(),
                        each.method().label(),
                        each.quality(),
                        each.seed(),
                        step + 1,
                        accuracy.classes(),
                        accuracy.images(),
                        accuracy.bytes(),
                        fraction(accuracy.accuracy())));
                accuracy.byStep().stream().map(ContinualReport::fraction).forEach(row::add);
                row.addAll(Collections.nCopies(steps - accuracy.byStep().size(), "NaN"));
                table.add(row);
            }
        }
        return table;
    }

    private static String fraction(double value) {
        return String.format(Locale.ROOT, "%.6f", value);
    }

    private static BandChart chart(ContinualResult result) {
        List<Double> classes = new ArrayList<>();
        result.classes().forEach(step -> classes.add((classes.isEmpty() ? 0 : classes.getLast()) + step.size()));
        ContinualResult.Settings settings = result.settings();
        String stored = settings.totalImages()
                .map(total -> Plural.of(total, "image") + " stored")
                .orElseGet(() -> settings.bytesPerClass().isPresent()
                        ? String.format(
                                Locale.ROOT,
                                "%,d bytes per class",
                                settings.bytesPerClass().getAsLong())
                        : Plural.of(settings.images(), "image") + " stored per class");
        return new BandChart(
                "Accuracy on all classes seen",
                "classes seen (" + result.dataset() + ", " + stored + ", protocol "
                        + result.protocol().label() + ")",
                "accuracy (%)",
                new ChartAxis(classes, false),
                result.methods().stream()
                        .map(summary -> BandChart.Series.curve(
                                summary.method().label(),
                                IntStream.range(0, classes.size())
                                        .mapToObj(step -> new BandChart.Point(
                                                classes.get(step),
                                                Percent.of(summary.accuracy().get(step))))
                                        .toList()))
                        .toList());
    }

    /** Returns a table of all methods and, below it, the gains of the distilled memories. */
    static List<String> lines(List<MethodSummary> methods) {
        List<String> lines = new ArrayList<>();
        lines.add(row("memory", "bytes", "quality", "final (%)", "average (%)", "forgetting (%)", "made of"));
        methods.forEach(summary -> lines.add(row(
                summary.method().label(),
                String.format(Locale.ROOT, "%,d", summary.bytes()),
                Integer.toString(summary.quality()),
                Percent.text(summary.finalAccuracy()),
                Percent.text(summary.averageAccuracy()),
                summary.forgetting().map(Percent::text).orElse("-"),
                summary.method().madeOf())));
        List<String> gains = gains(methods);
        if (!gains.isEmpty()) {
            lines.add("");
            lines.addAll(gains);
        }
        return lines;
    }

    private static String row(String... cells) {
        return "%-12s  %9s  %7s  %-11s  %-11s  %-14s  %s".formatted((Object[]) cells);
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
            coreset.ifPresent(best -> gains.add(
                    gain(learned, best, "the best coreset (" + best.method().label() + ")")));
            String initial = learned.method() == MemoryMethod.DREAM ? "its initial images" : MemoryMethod.TILE.label();
            tile.ifPresent(start -> gains.add(gain(learned, start, initial)));
        });
        return gains;
    }

    private static String gain(MethodSummary better, MethodSummary other, String name) {
        double gain = better.finalAccuracy().mean() - other.finalAccuracy().mean();
        return String.format(
                Locale.ROOT,
                "%s: %+.1f points of final accuracy over %s",
                better.method().label(),
                100 * gain,
                name);
    }

    /** Returns lines that describe the protocol and, for each seed, the order of the classes. */
    static List<String> protocolLines(ContinualResult result) {
        List<String> lines = new ArrayList<>();
        lines.add("Protocol " + result.protocol().label() + ": "
                + result.protocol().description() + ".");
        result.orders()
                .forEach(order -> lines.add("Seed " + order.seed() + ": "
                        + order.classes().stream()
                                .map(step -> String.join(", ", step))
                                .collect(Collectors.joining(" | "))));
        return lines;
    }
}
