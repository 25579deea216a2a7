package dev.reverie.streams.service;

/** The service can't answer now, and will be able to soon. */
public final class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Says why.
     *
     * @param message in a sentence, with what to do
     */
    public UnavailableException(String message) {
        super(message);
    }
}
