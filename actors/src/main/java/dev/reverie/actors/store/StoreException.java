package dev.reverie.actors.store;

/** Thrown when a store can't be used; the message gives the reason and says what to do. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The exception for a write to a store whose disk is full. */
    static StoreException full(String name) {
        return new StoreException("the store " + name + " has no space left on its disk: free some space on it");
    }

    /** The exception for a store whose data is damaged. */
    static StoreException damaged(String name, Throwable cause) {
        return new StoreException(
                "the store " + name + " is damaged and can't be opened; nothing in it was changed: restore it from a"
                        + " backup, or move it away to start a new one",
                cause);
    }
}
