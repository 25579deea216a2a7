package dev.reverie.streams.service;

/** Thrown when a request needs rows of the store that are damaged; the same request fails until they are repaired. */
public final class StoreDamagedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one sentence that says what is damaged and what to do about it
     */
    public StoreDamagedException(String message) {
        super(message);
    }

    /** Creates the exception for a request that needs a damaged class. */
    public static StoreDamagedException ofClass(String label) {
        return new StoreDamagedException("the class '" + label
                + "' is damaged in the store: restore the store from a backup, or forget the class");
    }
}
