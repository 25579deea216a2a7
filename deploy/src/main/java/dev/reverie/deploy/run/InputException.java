package dev.reverie.deploy.run;

/** What the user asked for cannot be done. The message is one sentence that says what to do instead. */
public final class InputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }
}
