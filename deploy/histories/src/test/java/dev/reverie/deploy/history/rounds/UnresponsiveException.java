package dev.reverie.deploy.history.rounds;

/** The service does not start, does not become ready, or does not end, within a generous time. */
public final class UnresponsiveException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UnresponsiveException(String message) {
        super(message);
    }
}
