package dev.reverie.actors;

/** A run can't go on; the message says why in one sentence. */
public final class DistillationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DistillationException(String message) {
        super(message);
    }

    public DistillationException(String message, Throwable cause) {
        super(message, cause);
    }
}
