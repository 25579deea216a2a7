package dev.reverie.deploy.run;

/** Thrown to end work that a {@link Cancellation} stops. */
public final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StoppedException() {
        super("stopped", null, false, false); // controls the flow, so a stack trace is not needed
    }
}
