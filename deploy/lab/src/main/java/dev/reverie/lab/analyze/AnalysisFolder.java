package dev.reverie.lab.analyze;

import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.gpu.dataset.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** The results folder, which contains {@code NAME.csv} and {@code NAME.png} for each analysis. */
public record AnalysisFolder(Path path) {

    /** Returns the CSV file with all numbers of an analysis. */
    public Path table(AnalysisKind analysis) {
        return path.resolve(analysis.label() + ".csv");
    }

    /** Returns the PNG file with the figure of an analysis. */
    public Path figure(AnalysisKind analysis) {
        return path.resolve(analysis.label() + ".png");
    }

    /**
     * Creates the folder, and checks that figures can be drawn, since analyses take hours.
     *
     * @throws InputException if the folder is not writable or already contains a result of one of the analyses
     * @throws IOException if no font is installed
     */
    public void create(List<AnalysisKind> analyses) throws IOException {
        analyses.stream()
                .flatMap(analysis -> Stream.of(table(analysis), figure(analysis)))
                .filter(Files::exists)
                .findFirst()
                .ifPresent(file -> {
                    throw new InputException(
                            path + " already contains " + file.getFileName() + "; choose another folder with --out");
                });
        requireFont();
        new RunFolder(path).create();
    }

    /**
     * Writes the figure and then the table, each atomically.
     *
     * @throws IOException if a file cannot be written or no font is installed
     */
    void write(AnalysisKind analysis, Analysis.Result result) throws IOException {
        BufferedImage drawn = draw(result.figure());
        AtomicFile.write(figure(analysis), out -> ImageIO.write(drawn, "png", out));
        AtomicFile.write(table(analysis), out -> out.write(result.table().csv().getBytes(StandardCharsets.UTF_8)));
    }

    private static void requireFont() throws IOException {
        List<Double> ends = List.of(0.0, 1.0);
        draw(new Figure("title", "x", "y", List.of(Figure.Series.of("line", Figure.Mark.LINE, ends, ends))));
    }

    private static BufferedImage draw(Figure figure) throws IOException {
        try {
            return figure.draw();
        } catch (InternalError | LinkageError e) { // the class of the error depends on what the JDK cannot find
            throw new IOException(
                    "cannot draw the figure because no font is installed; install fontconfig and a font, for"
                            + " example the packages fontconfig and fonts-dejavu-core",
                    e);
        }
    }
}
