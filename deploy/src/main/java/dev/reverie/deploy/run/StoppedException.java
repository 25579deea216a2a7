package dev.reverie.deploy.run;

/** The work ended because its user wished so, by {@link Cancellation}. */
public final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StoppedException() {
        super("stopped", null, false, false); // a way out, not a failure: nobody reads its trace
    }
}
