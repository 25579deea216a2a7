package dev.reverie.gpu.dataset;

import java.io.IOException;

/** Thrown when a file has another format than expected; the message completes a sentence that starts with its name. */
public final class FileFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    public FileFormatException(String message) {
        super(message);
    }
}
