package dev.reverie.deploy.run;

/** Ends work that a {@link Cancellation} stopped. */
public final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StoppedException() {
        super("stopped", null, false, false); // controls the flow, so a stack trace is not needed
    }
}
