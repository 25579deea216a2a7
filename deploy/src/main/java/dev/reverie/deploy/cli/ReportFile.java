package dev.reverie.deploy.cli;

import dev.reverie.deploy.experiments.report.EvaluationSummary;
import dev.reverie.deploy.experiments.report.EvaluationText;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.gpu.dataset.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Where an evaluation is written to, for people or for programs by its ending. */
record ReportFile(Path file, boolean markdown) {

    /**
     * A file that can be written later.
     *
     * @throws InputException if its ending says nothing, or its folder is not there
     */
    static ReportFile at(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        boolean markdown = name.endsWith(".md");
        if (!markdown && !name.endsWith(".json")) {
            throw new InputException("cannot tell what " + file + " is to be: end --report in .md or .json");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new InputException("cannot write " + file + ": name a file in a folder that is there, and writable,"
                    + " with --report");
        }
        return new ReportFile(file, markdown);
    }

    void write(EvaluationSummary summary) {
        String text = markdown ? EvaluationText.markdown(summary) : JsonOutput.pretty(summary);
        try {
            AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new InputException(e.getMessage() + ": name another file with --report");
        }
    }
}
