package dev.reverie.actors.worker;

import dev.reverie.actors.DistillationException;
import java.util.Optional;

/** No engine could be created, so nothing can be computed for now. */
public final class EngineUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final RuntimeException reason;

    EngineUnavailableException(Throwable cause) {
        super("no engine could be created: " + said(cause), cause);
        this.reason = cause instanceof RuntimeException known ? known : new DistillationException(said(cause), cause);
    }

    private static String said(Throwable cause) {
        return Optional.ofNullable(cause.getMessage()).orElse(cause.toString());
    }

    /** What the one who creates engines said. */
    public RuntimeException reason() {
        return reason;
    }
}
