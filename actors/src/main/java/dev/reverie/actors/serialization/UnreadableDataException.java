package dev.reverie.actors.serialization;

import java.io.NotSerializableException;

/** Thrown when data is damaged or has an unknown format; the message names the format. */
public final class UnreadableDataException extends NotSerializableException {

    private static final long serialVersionUID = 1L;

    public UnreadableDataException(String message) {
        super(message);
    }

    UnreadableDataException(String message, Throwable cause) {
        super(message);
        initCause(cause);
    }
}
