package dev.reverie.deploy.cli;

import dev.reverie.deploy.evaluate.EvaluationResult;
import dev.reverie.deploy.evaluate.EvaluationText;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.gpu.dataset.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A file for the results of an evaluation. The file extension selects Markdown or JSON. */
record ReportFile(Path file, boolean markdown) {

    /**
     * Checks that the file can be written later.
     *
     * @throws InputException if the extension is unknown, something else than a file has its name, the file is the
     *     manifest of a run, or its folder is missing
     */
    static ReportFile at(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        boolean markdown = name.endsWith(".md");
        if (!markdown && !name.endsWith(".json")) {
            throw new InputException("--report must end in .md or .json, not " + file);
        }
        Path folder = file.toAbsolutePath().getParent();
        boolean isTaken = Files.exists(file) && !Files.isRegularFile(file);
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder) || isTaken) {
            throw new InputException(
                    "cannot write " + file + ": name a file in an existing, writable folder with --report");
        }
        if (Files.exists(file) && file.toAbsolutePath().equals(new RunFolder(folder).manifest())) {
            throw new InputException(file + " describes the run in its folder: name another file with --report");
        }
        return new ReportFile(file, markdown);
    }

    /**
     * Writes the results.
     *
     * @throws UncheckedIOException if the disk fails, since the file was writable before
     */
    void write(EvaluationResult summary) {
        String text = markdown ? EvaluationText.markdown(summary) : JsonOutput.pretty(summary);
        try {
            AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException(e.getMessage() + ": check its disk, or name another file with --report", e));
        }
    }
}
