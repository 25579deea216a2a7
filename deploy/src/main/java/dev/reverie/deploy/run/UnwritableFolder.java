package dev.reverie.deploy.run;

import dev.reverie.gpu.dataset.FileErrorMessages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Tells a folder that the user must not name from one whose disk fails, for example because it is full. */
final class UnwritableFolder {

    private UnwritableFolder() {}

    /**
     * Returns the exception to throw for a folder that cannot be created or written: an {@link InputException}, or an
     * {@link UncheckedIOException} if the folder is there and its permissions are right.
     *
     * @param purpose what is written to the folder, for the message
     * @param option the option that names the folder
     */
    static RuntimeException exception(String purpose, Path folder, String option, IOException cause) {
        String reason =
                cause instanceof FileAlreadyExistsException ? "it is not a folder" : FileErrorMessages.describe(cause);
        String problem = "cannot write to the " + purpose + " folder " + folder + " (" + reason + "): ";
        return isWronglyNamed(folder, cause)
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
