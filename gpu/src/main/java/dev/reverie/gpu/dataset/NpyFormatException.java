package dev.reverie.gpu.dataset;

import java.io.IOException;

/** An array cannot be read; the message goes on after the array's name. */
sealed class NpyFormatException extends IOException permits NpyTooLargeException {

    private static final long serialVersionUID = 1L;

    NpyFormatException(String message) {
        super(message);
    }
}
