package dev.reverie.lab.continual;

import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.dataset.AtomicFile;
import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.lab.report.BandChart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The folder with the results of an experiment. */
public record ContinualFolder(Path path) {

    private static final double PERCENT = 100;

    /**
     * Returns the CSV file with one row per method, seed and step. A row contains the size of the memory and the
     * accuracies, as fractions, on all classes seen so far and on the classes of each step.
     */
    public Path csv() {
        return path.resolve("continual.csv");
    }

    /** Returns the JSON file with the complete result. */
    public Path json() {
        return path.resolve("continual.json");
    }

    /** Returns the SVG file that plots the accuracy against the number of classes seen so far. */
    public Path chart() {
        return path.resolve("continual.svg");
    }

    /** Returns the NPZ file with the final memory of a method for one seed. */
    public Path memory(MemoryMethod method, long seed) {
        return path.resolve("memory-" + method.label() + "-" + seed + ".npz");
    }

    /**
     * Creates the folder.
     *
     * @throws InputException if the folder is not writable or already contains results
     */
    public void create() {
        if (Files.exists(csv())) {
            throw new InputException(
                    path + " already contains results (continual.csv); choose another folder with --out");
        }
        new RunFolder(path).create();
    }

    /**
     * Writes the CSV, JSON and SVG files, each atomically.
     *
     * @throws IOException if a file cannot be written
     */
    public void write(ContinualResult result) throws IOException {
        write(csv(), csvText(result));
        write(json(), JsonOutput.pretty(result));
        write(chart(), bandChart(result).toSvg());
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String csvText(ContinualResult result) {
        int steps = result.classes().size();
        List<String> lines = new ArrayList<>();
        lines.add("protocol,method,seed,step,classes,bytes,npz_bytes,accuracy,"
                + String.join(
                        ",",
                        IntStream.rangeClosed(1, steps)
                                .mapToObj(step -> "step_" + step)
                                .toList()));
        for (SeedResult seedResult : result.seedResults()) {
            for (int step = 0; step < seedResult.steps().size(); step++) {
                SeedResult.StepAccuracy accuracy = seedResult.steps().get(step);
                List<String> fields = new ArrayList<>(List.of(
                        result.protocol().label(),
                        seedResult.method().label(),
                        Long.toString(seedResult.seed()),
                        Integer.toString(step + 1),
                        Integer.toString(accuracy.classes()),
                        Long.toString(accuracy.bytes()),
                        Long.toString(accuracy.npzBytes()),
                        fraction(accuracy.accuracy())));
                IntStream.range(0, steps)
                        .mapToObj(i -> i < accuracy.byStep().size()
                                ? fraction(accuracy.byStep().get(i))
                                : "NaN")
                        .forEach(fields::add);
                lines.add(String.join(",", fields));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String fraction(double value) {
        return String.format(Locale.ROOT, "%.6f", value);
    }

    private static String stored(ContinualResult.Settings settings) {
        return settings.totalImages()
                .map(total -> Plural.of(total, "image") + " stored")
                .orElseGet(() -> Plural.of(settings.ipc(), "image") + " stored per class");
    }

    private static BandChart bandChart(ContinualResult result) {
        List<Integer> classes = new ArrayList<>();
        result.classes().forEach(step -> classes.add((classes.isEmpty() ? 0 : classes.getLast()) + step.size()));
        return new BandChart(
                "Accuracy on all classes seen",
                "classes seen (" + result.dataset() + ", " + stored(result.settings()) + ", "
                        + result.settings().bits() + " bits per value, protocol "
                        + result.protocol().label() + ")",
                "accuracy (%)",
                classes.stream().map(Integer::doubleValue).toList(),
                result.methods().stream()
                        .map(summary ->
                                new BandChart.Series(summary.method().label(), points(classes, summary.accuracy())))
                        .toList());
    }

    private static List<BandChart.Point> points(List<Integer> classes, List<MeanAndStd> accuracies) {
        return IntStream.range(0, classes.size())
                .mapToObj(step -> {
                    MeanAndStd spread = accuracies.get(step);
                    return new BandChart.Point(
                            classes.get(step), new MeanAndStd(PERCENT * spread.mean(), PERCENT * spread.std()));
                })
                .toList();
    }
}
