package dev.reverie.npz;

import java.io.IOException;

/**
 * Thrown when an archive or an array cannot be used. While an array is read, the message completes a sentence that
 * starts with the array's name; {@link NpzArchive} puts the name before it.
 */
public final class NpzException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean isTooLarge;

    public NpzException(String message) {
        this(message, false);
    }

    private NpzException(String message, boolean isTooLarge) {
        super(message);
        this.isTooLarge = isTooLarge;
    }

    /** Creates an exception that refuses data for their size, whether or not they are valid. */
    public static NpzException tooLarge(String message) {
        return new NpzException(message, true);
    }

    /** Whether the data exceed the size that the reader allows. */
    public boolean isTooLarge() {
        return isTooLarge;
    }

    /** Returns an exception with the same message about a subject. */
    public NpzException about(String subject) {
        NpzException complete = new NpzException(subject + " " + getMessage(), isTooLarge);
        complete.initCause(this);
        return complete;
    }
}
