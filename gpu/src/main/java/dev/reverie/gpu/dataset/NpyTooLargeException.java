package dev.reverie.gpu.dataset;

/** An array is larger than it may be. */
final class NpyTooLargeException extends NpyFormatException {

    private static final long serialVersionUID = 1L;

    NpyTooLargeException(String message) {
        super(message);
    }
}
