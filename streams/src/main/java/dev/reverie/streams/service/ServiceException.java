package dev.reverie.streams.service;

/**
 * Thrown when the service cannot process a request. The message is one sentence that says what is wrong and what to do
 * about it.
 */
public abstract sealed class ServiceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private ServiceException(String message) {
        super(message);
    }

    /** The service will probably be able to process the request soon. */
    public static final class UnavailableException extends ServiceException {

        private static final long serialVersionUID = 1L;

        public UnavailableException(String message) {
            super(message);
        }
    }

    /** The disk of the store is full. */
    public static final class StoreFullException extends ServiceException {

        private static final long serialVersionUID = 1L;

        public StoreFullException() {
            super("the disk of the store is full: free some space on it, then send the request again");
        }
    }

    /** The request needs rows of the store that are damaged; it fails until they are repaired. */
    public static final class StoreDamagedException extends ServiceException {

        private static final long serialVersionUID = 1L;

        public StoreDamagedException(String message) {
            super(message);
        }

        public static StoreDamagedException ofClass(String label) {
            return new StoreDamagedException("the class '" + label
                    + "' is damaged in the store: restore the store from a backup, or forget the class");
        }
    }
}
