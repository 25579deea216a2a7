package dev.reverie.actors.worker;

/** Tells supervision that the engine is not to be trusted any more. Never leaves the worker. */
final class WorkerFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WorkerFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
