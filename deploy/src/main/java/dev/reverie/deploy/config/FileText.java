package dev.reverie.deploy.config;

import dev.reverie.gpu.dataset.FileErrorMessages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The content of a file at one moment.
 *
 * @param text one character per byte; empty if the file cannot be read
 * @param problem reason why the file cannot be read; empty if it can
 */
record FileText(Path file, Optional<String> text, Optional<String> problem) {

    static FileText read(Path file) {
        try {
            return new FileText(
                    file, Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1)), Optional.empty());
        } catch (IOException e) {
            return new FileText(file, Optional.empty(), Optional.of(FileErrorMessages.describe(e)));
        }
    }

    /**
     * Returns the text.
     *
     * @throws IllegalArgumentException if the file could not be read
     */
    String require() {
        return text.orElseThrow(() -> new IllegalArgumentException(
                file + " cannot be read (" + problem.orElse("unknown reason") + "): name a readable file"));
    }

    /** Returns the name of the file alone, since the text can be a private key or a list of tokens. */
    @Override
    public String toString() {
        return "FileText[" + file + "]";
    }
}
