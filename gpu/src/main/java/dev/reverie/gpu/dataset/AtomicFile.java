package dev.reverie.gpu.dataset;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Replaces a file as a whole or not at all: the content is written to a hidden file in the same folder; this file is
 * forced to disk and then renamed. Readers always see either the old file or the new one.
 */
public final class AtomicFile {

    private AtomicFile() {}

    /** Produces the content of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes {@code file}, whose folder must exist. The caller must prevent concurrent writes to the same file.
     *
     * @throws IOException if the file cannot be written, with a message that names the file and gives the reason. No
     *     temporary file remains. If only the last step failed, which forces the folder to the disk, then the file has
     *     the new content, but a power failure can bring back the old state. After any other failure, an existing file
     *     keeps its content
     */
    public static void write(Path file, Content content) throws IOException {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent())
                .filter(Files::isDirectory)
                .orElseThrow(() -> new IOException("cannot write " + file + ": its folder does not exist"));
        Path temporary = folder.resolve("." + file.getFileName() + ".part");
        try {
            writeAndForce(temporary, content);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            force(folder);
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + FileErrorMessages.describe(e), e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void writeAndForce(Path temporary, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    /** Makes the rename durable, except on Windows, where Java cannot open a folder. */
    private static void force(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
