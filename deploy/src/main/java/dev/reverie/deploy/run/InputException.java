package dev.reverie.deploy.run;

/** Reports unusable input. The message is one sentence that says what to do instead. */
public final class InputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }
}
