package dev.reverie.deploy.run;

import dev.reverie.actors.store.FolderLock;
import dev.reverie.gpu.dataset.FileErrorMessages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A folder into which one process at a time writes.
 *
 * @param purpose what is written to the folder, for messages
 * @param option the option that names the folder
 */
record OutputFolder(Path path, String purpose, String option) {

    /**
     * Creates the folder and writes a file to it as a test, which detects both missing permissions and read-only file
     * systems.
     *
     * @throws InputException if the folder is not writable
     * @throws UncheckedIOException if its disk fails
     */
    void create() {
        try {
            Files.createDirectories(path);
            Files.delete(Files.createTempFile(path, ".probe", ""));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * Creates the folder and locks it until the lock is closed or the process ends.
     *
     * @throws InputException if another process has locked the folder, or the folder is not writable
     * @throws UncheckedIOException if its disk fails
     */
    FolderLock lock() {
        try {
            Files.createDirectories(path);
            return FolderLock.by(path.resolve(".lock"))
                    .orElseThrow(() -> new InputException("another process writes to the " + purpose + " folder " + path
                            + ": wait until it ends, or name another folder with " + option));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * Returns the exception to throw for a folder that cannot be created or written: an {@link InputException}, or an
     * {@link UncheckedIOException} if the folder is there and its permissions are right, so that its disk has failed,
     * for example because it is full.
     */
    RuntimeException unwritable(IOException cause) {
        String reason =
                cause instanceof FileAlreadyExistsException ? "it is not a folder" : FileErrorMessages.describe(cause);
        String problem = "cannot write to the " + purpose + " folder " + path + " (" + reason + "): ";
        return isWronglyNamed(path, cause)
                ? new InputException(problem + "name a writable folder with " + option)
                : new UncheckedIOException(
                        new IOException(problem + "check its disk, or name another folder with " + option, cause));
    }

    private static boolean isWronglyNamed(Path folder, IOException cause) {
        return switch (cause) {
            case NoSuchFileException _,
                    AccessDeniedException _,
                    FileAlreadyExistsException _,
                    DirectoryNotEmptyException _ -> true;
            default -> !isWritable(folder.toAbsolutePath());
        };
    }

    /** Returns whether a folder is writable, or the one in which it would be created. */
    private static boolean isWritable(Path folder) {
        Path parent = folder.getParent();
        if (Files.exists(folder) || parent == null) {
            return Files.isDirectory(folder) && Files.isWritable(folder);
        }
        return isWritable(parent);
    }
}
