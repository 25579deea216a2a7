package dev.reverie.gpu.dataset;

import java.io.IOException;
import java.nio.file.Path;

/** Thrown when data cannot be used. The message names the file and says what is wrong with it. */
public sealed class DatasetException extends RuntimeException permits DataTooLargeException {

    /** What to do about damaged files of a published dataset, as the end of a message. */
    public static final String FETCH_AGAIN = "; fetch the dataset again with 'reverie fetch'";

    private static final long serialVersionUID = 1L;

    public DatasetException(String message) {
        super(message);
    }

    public DatasetException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** Wraps an error of the file system or of decompression. */
    public static DatasetException unreadable(Path file, IOException cause) {
        return new DatasetException(
                "cannot read " + file + ": " + FileErrorMessages.describe(cause)
                        + "; check its path and permissions, or get the file again",
                cause);
    }
}
