package dev.reverie.streams.service;

/** Thrown when the service cannot respond now, but probably soon. */
public final class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one sentence with the cause and what to do
     */
    public UnavailableException(String message) {
        super(message);
    }
}
