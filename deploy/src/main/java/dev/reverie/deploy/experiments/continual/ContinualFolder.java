package dev.reverie.deploy.experiments.continual;

import dev.reverie.deploy.experiments.report.BandChart;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.gpu.dataset.AtomicFile;
import dev.reverie.gpu.evaluate.MeanAndStd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Where the results of an experiment lie. */
public record ContinualFolder(Path path) {

    private static final double PERCENT = 100;

    /** One row for each contender, seed and step: accuracies as fractions, of all classes seen and of each step's. */
    public Path table() {
        return path.resolve("continual.csv");
    }

    /** Everything, as JSON. */
    public Path record() {
        return path.resolve("continual.json");
    }

    /** Accuracy by number of classes, as SVG. */
    public Path plot() {
        return path.resolve("continual.svg");
    }

    /** What a contender remembers in the end, of all classes. */
    public Path memory(MemoryMethod contender, long seed) {
        return path.resolve("memory-" + contender.label() + "-" + seed + ".npz");
    }

    /**
     * Creates the folder.
     *
     * @throws InputException if nothing can be written there, or there are results already
     */
    public void create() {
        if (Files.exists(table())) {
            throw new InputException(
                    "there are results in " + path + " already (continual.csv): name another folder with --out");
        }
        new RunFolder(path).create();
    }

    /**
     * Writes all files, each as a whole.
     *
     * @throws IOException if one cannot be written
     */
    public void write(ContinualResult result) throws IOException {
        write(table(), csv(result));
        write(record(), JsonOutput.pretty(result));
        write(plot(), chart(result).toSvg());
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String csv(ContinualResult result) {
        int steps = result.classes().size();
        List<String> lines = new ArrayList<>();
        lines.add("protocol,method,seed,step,classes,accuracy,"
                + String.join(
                        ",",
                        IntStream.rangeClosed(1, steps)
                                .mapToObj(step -> "step_" + step)
                                .toList()));
        for (SeedResult course : result.courses()) {
            for (int step = 0; step < course.stages().size(); step++) {
                StepAccuracy stage = course.stages().get(step);
                List<String> fields = new ArrayList<>(List.of(
                        result.protocol().label(),
                        course.method().label(),
                        Long.toString(course.seed()),
                        Integer.toString(step + 1),
                        Integer.toString(stage.classes()),
                        fraction(stage.accuracy())));
                IntStream.range(0, steps)
                        .mapToObj(of -> of < stage.byStep().size()
                                ? fraction(stage.byStep().get(of))
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

    private static BandChart chart(ContinualResult result) {
        List<Integer> classes = new ArrayList<>();
        result.classes().forEach(step -> classes.add((classes.isEmpty() ? 0 : classes.getLast()) + step.size()));
        return new BandChart(
                "Accuracy on all classes seen, by networks trained on the memory alone",
                "classes seen (" + result.dataset() + ", " + result.settings().ipc()
                        + " images stored per class, protocol "
                        + result.protocol().label() + ")",
                "accuracy (%)",
                classes,
                result.methods().stream()
                        .map(summary -> new BandChart.Series(
                                summary.method().label(),
                                summary.accuracy().stream()
                                        .map(spread -> new MeanAndStd(PERCENT * spread.mean(), PERCENT * spread.std()))
                                        .toList()))
                        .toList());
    }
}
