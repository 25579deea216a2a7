package dev.reverie.gpu.dataset.matlab;

/** Thrown when a MAT-file cannot be read; the message completes a sentence that starts with the file's name. */
public final class MatException extends Exception {

    private static final long serialVersionUID = 1L;

    public MatException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    static MatException damaged(String what) {
        return new MatException("is a damaged MAT-file: " + what);
    }
}
