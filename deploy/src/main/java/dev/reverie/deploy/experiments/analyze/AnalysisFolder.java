package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.gpu.dataset.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
     * Creates the folder.
     *
     * @throws InputException if the folder is not writable or already contains a result of one of the analyses
     */
    public void create(List<AnalysisKind> analyses) {
        analyses.stream()
                .filter(analysis -> Files.exists(table(analysis)))
                .findFirst()
                .ifPresent(analysis -> {
                    throw new InputException(path + " already contains "
                            + table(analysis).getFileName() + "; choose another folder with --out");
                });
        new RunFolder(path).create();
    }

    /**
     * Writes the table and then the figure, each atomically.
     *
     * @throws IOException if a file cannot be written or no font is installed
     */
    void write(AnalysisKind analysis, Analysis.Result result) throws IOException {
        AtomicFile.write(table(analysis), out -> out.write(result.table().csv().getBytes(StandardCharsets.UTF_8)));
        BufferedImage drawn = draw(result.figure());
        AtomicFile.write(figure(analysis), out -> ImageIO.write(drawn, "png", out));
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
