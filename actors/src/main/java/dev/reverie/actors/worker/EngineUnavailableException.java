package dev.reverie.actors.worker;

import dev.reverie.actors.Asks;
import dev.reverie.actors.DistillationException;

/** Thrown when no engine could be created, so no computation is possible for now. */
public final class EngineUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final RuntimeException reason;

    EngineUnavailableException(Throwable cause) {
        super("the computing engine could not be created: " + Asks.reasonOf(cause), cause);
        this.reason = cause instanceof RuntimeException known
                ? known
                : new DistillationException(Asks.reasonOf(cause), cause);
    }

    /** The exception that the engine factory threw; an error is wrapped in a {@link DistillationException}. */
    public RuntimeException reason() {
        return reason;
    }
}
