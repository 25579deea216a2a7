package dev.reverie.actors.checkpoint;

/** A checkpoint can't be read, written or continued; the message says in one sentence what to do. */
public final class CheckpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
