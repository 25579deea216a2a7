package dev.reverie.deploy.run;

/** Ends work that was stopped by its {@link Cancellation}. */
public final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StoppedException() {
        super("stopped", null, false, false); // controls the flow, so a stack trace is not needed
    }
}
