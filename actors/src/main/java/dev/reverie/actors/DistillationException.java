package dev.reverie.actors;

/** Thrown when a distillation cannot continue, or when its measurement is void; the message gives the reason. */
public final class DistillationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DistillationException(String message) {
        super(message);
    }

    public DistillationException(String message, Throwable cause) {
        super(message, cause);
    }
}
