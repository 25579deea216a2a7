package dev.reverie.deploy.run;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reports an address or port that is missing or in use. It may be free soon, so this is no wrong input. The message of
 * the cause is one sentence that says what to do.
 */
public final class AddressUnavailableException extends UncheckedIOException {

    private static final long serialVersionUID = 1L;

    /** Reports a failed attempt, for example "listen on port 80", and advises what to do. */
    public AddressUnavailableException(String attempt, Throwable failure, String advice) {
        super(new IOException("cannot " + attempt + " (" + rootOf(failure).getMessage() + "): " + advice, failure));
    }

    /** Returns the deepest cause that has a message: that of an unresolved address has none. */
    private static Throwable rootOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null || cause.getMessage() == null ? failure : rootOf(cause);
    }
}
