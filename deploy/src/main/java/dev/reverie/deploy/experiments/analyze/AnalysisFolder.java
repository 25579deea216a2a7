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

/** Where the tables and figures lie: {@code NAME.csv} and {@code NAME.png} of each analysis. */
public record AnalysisFolder(Path path) {

    /** Every number. */
    public Path table(AnalysisKind analysis) {
        return path.resolve(analysis.label() + ".csv");
    }

    /** What they look like. */
    public Path figure(AnalysisKind analysis) {
        return path.resolve(analysis.label() + ".png");
    }

    /**
     * Creates the folder.
     *
     * @throws InputException if nothing can be written there, or one of the analyses is there already
     */
    public void create(List<AnalysisKind> analyses) {
        analyses.stream()
                .filter(analysis -> Files.exists(table(analysis)))
                .findFirst()
                .ifPresent(analysis -> {
                    throw new InputException("there is " + table(analysis).getFileName() + " in " + path
                            + " already: name another folder with --out");
                });
        new RunFolder(path).create();
    }

    /**
     * Writes both files, each as a whole, the table first.
     *
     * @throws IOException if one cannot be written, or there are no fonts to draw with
     */
    void write(AnalysisKind analysis, AnalysisResult findings) throws IOException {
        AtomicFile.write(
                table(analysis), out -> out.write(findings.table().csv().getBytes(StandardCharsets.UTF_8)));
        BufferedImage drawn = draw(findings.figure());
        AtomicFile.write(figure(analysis), out -> ImageIO.write(drawn, "png", out));
    }

    private static BufferedImage draw(Figure figure) throws IOException {
        try {
            return figure.draw();
        } catch (InternalError | LinkageError e) { // how the JDK says so depends on what is missing
            throw new IOException(
                    "there are no fonts to draw a figure with: install fontconfig and a font, for example the"
                            + " packages fontconfig and fonts-dejavu-core",
                    e);
        }
    }
}
