package dev.reverie.actors.checkpoint;

/**
 * Thrown when a checkpoint cannot be read or written, or when a run cannot resume from it; the message says what to do.
 */
public final class CheckpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
