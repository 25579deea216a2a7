package dev.reverie.deploy.history.rounds;

/** The service does not start, does not become ready, or does not end, within a generous time. */
final class UnresponsiveException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnresponsiveException(String message) {
        super(message);
    }
}
