package dev.reverie.gpu.dataset;

import java.io.IOException;
import java.nio.file.Path;

/** The data cannot be used as it is. The message is one sentence that names the file and says what is wrong with it. */
public sealed class DatasetException extends RuntimeException permits DataTooLargeException {

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

    /** The file system, or whatever unpacks the file, says no. */
    public static DatasetException unreadable(Path file, IOException cause) {
        return new DatasetException("cannot read " + file + ": " + FileErrorMessages.describe(cause), cause);
    }
}
