package dev.reverie.streams.service;

/** Thrown when the service cannot process a request now but will probably be able to do so soon. */
public final class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one sentence that says what is wrong and what to do about it
     */
    public UnavailableException(String message) {
        super(message);
    }
}
