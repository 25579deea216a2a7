package dev.reverie.streams.service;

/** Thrown when the service cannot process a request because the disk of its store is full. */
public final class StoreFullException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StoreFullException() {
        super("the disk of the store is full: free some space on it, then send the request again");
    }
}
