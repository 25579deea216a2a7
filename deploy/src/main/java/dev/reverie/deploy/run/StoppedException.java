package dev.reverie.deploy.run;

/** Thrown to end the work that a {@link Cancellation} asks to stop. */
public final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StoppedException() {
        super("stopped", null, false, false); // controls the flow, so a stack trace is not needed
    }
}
