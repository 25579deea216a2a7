package dev.reverie.gpu.dataset;

import java.io.IOException;

/** Thrown when an array cannot be read; the message completes a sentence that starts with the array's name. */
sealed class NpyFormatException extends IOException permits NpyTooLargeException {

    private static final long serialVersionUID = 1L;

    NpyFormatException(String message) {
        super(message);
    }
}
