package dev.reverie.gpu.dataset;

/** Thrown when an array exceeds the size that the reader allows. */
final class NpyTooLargeException extends NpyFormatException {

    private static final long serialVersionUID = 1L;

    NpyTooLargeException(String message) {
        super(message);
    }
}
