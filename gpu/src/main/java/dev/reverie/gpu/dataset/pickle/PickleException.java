package dev.reverie.gpu.dataset.pickle;

/** Thrown when a pickle cannot be read; the message completes a sentence that starts with the file's name. */
public final class PickleException extends Exception {

    private static final long serialVersionUID = 1L;

    PickleException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    static PickleException damaged(String what) {
        return new PickleException("is a damaged pickle: " + what);
    }
}
