package dev.reverie.deploy.run;

import java.util.concurrent.CancellationException;

/** Thrown to end the work that a {@link Cancellation} asks to stop. */
public final class StoppedException extends CancellationException {

    private static final long serialVersionUID = 1L;

    public StoppedException() {
        super("stopped");
    }
}
