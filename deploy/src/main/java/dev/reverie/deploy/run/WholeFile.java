package dev.reverie.deploy.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files that are either all there or not at all: aside, forced to the disk, then renamed. */
public final class WholeFile {

    private WholeFile() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Path file) throws IOException;
    }

    /**
     * Replaces {@code file} by {@code content}, in a folder that exists.
     *
     * @throws IOException if that failed; {@code file} is then as it was
     */
    public static void write(Path file, Content content) throws IOException {
        Path aside = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            content.writeTo(aside);
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
