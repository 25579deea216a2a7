package dev.reverie.client;

import java.io.IOException;

/** Thrown when bytes are not an NPZ file of a service. The message says of the file what "it" is or has. */
final class NpzException extends IOException {

    private static final long serialVersionUID = 1L;

    NpzException(String message) {
        super(message);
    }

    NpzException(String message, Exception cause) {
        super(message, cause);
    }
}
