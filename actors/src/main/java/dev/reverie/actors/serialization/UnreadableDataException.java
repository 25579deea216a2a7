package dev.reverie.actors.serialization;

import java.io.NotSerializableException;

/** Bytes that are damaged, or of a format this program does not know; the message says which in one sentence. */
public final class UnreadableDataException extends NotSerializableException {

    private static final long serialVersionUID = 1L;

    UnreadableDataException(String message) {
        super(message);
    }

    UnreadableDataException(String message, Throwable cause) {
        super(message);
        initCause(cause);
    }
}
