package dev.reverie.lab.race;

import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.gpu.dataset.AtomicFile;
import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.lab.report.BandChart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The folder for the table and the picture of a race. */
public record RaceFolder(Path path) {

    private static final double PERCENT = 100;

    /** Returns the SVG file with the curves. */
    public Path picture() {
        return path.resolve("race.svg");
    }

    /** Returns the CSV file with the numbers. */
    public Path table() {
        return path.resolve("race.csv");
    }

    /**
     * Creates the folder.
     *
     * @throws InputException if the folder is not writable or already contains a race
     */
    public void create() {
        if (Files.exists(table()) || Files.exists(picture())) {
            throw new InputException(path + " already contains a race: choose another folder with --out");
        }
        new RunFolder(path).create();
    }

    /**
     * Writes both files, each atomically.
     *
     * @throws IOException if a file cannot be written
     */
    public void write(List<RaceCurve> curves) throws IOException {
        write(table(), csv(curves));
        write(picture(), chart(curves).toSvg());
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String csv(List<RaceCurve> curves) {
        return curves.stream()
                .flatMap(curve -> curve.points().stream()
                        .map(point -> String.format(
                                Locale.ROOT,
                                "%s,%d,%.3f,%.6f,%.6f\n",
                                curve.name(),
                                curve.runs(),
                                point.seconds(),
                                point.accuracy().mean(),
                                point.accuracy().std())))
                .collect(Collectors.joining("", "name,runs,seconds,accuracy,std\n", ""));
    }

    private static BandChart chart(List<RaceCurve> curves) {
        return BandChart.fromZero(
                "Accuracy against time",
                "learning time (s)",
                "accuracy (%)",
                curves.stream()
                        .map(curve -> new BandChart.Series(
                                curve.name(),
                                curve.points().stream()
                                        .map(point -> new BandChart.Point(
                                                point.seconds(),
                                                new MeanAndStd(
                                                        PERCENT
                                                                * point.accuracy()
                                                                        .mean(),
                                                        PERCENT
                                                                * point.accuracy()
                                                                        .std())))
                                        .toList()))
                        .toList());
    }
}
