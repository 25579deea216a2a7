package dev.reverie.gpu.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;
import java.util.Optional;

/**
 * Describes file errors of the JDK in plain language, because their own messages are often missing or contain only a
 * path.
 */
public final class FileErrorMessages {

    private FileErrorMessages() {}

    /** Returns the cause without a full stop, for example {@code permission denied for /data/lock}. */
    public static String describe(IOException problem) {
        return switch (problem) {
            case NoSuchFileException e -> "there is no " + e.getFile();
            case AccessDeniedException e -> "permission denied for " + e.getFile();
            case NotDirectoryException e -> e.getFile() + " is not a folder";
            case FileAlreadyExistsException e -> e.getFile() + " already exists";
            case DirectoryNotEmptyException e -> e.getFile() + " is a folder that is not empty";
            case FileSystemException e -> Optional.ofNullable(e.getReason()).orElseGet(() -> message(e));
            case EOFException _ -> "it is truncated";
            case CharacterCodingException _ -> "it is not text in UTF-8";
            default -> message(problem);
        };
    }

    private static String message(IOException problem) {
        return Objects.requireNonNullElseGet(
                problem.getMessage(), () -> problem.getClass().getSimpleName());
    }
}
