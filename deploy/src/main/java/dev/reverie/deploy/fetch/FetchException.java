package dev.reverie.deploy.fetch;

import java.io.IOException;

/** Thrown when a dataset cannot be fetched; the message gives the reason for each source. */
public final class FetchException extends IOException {

    private static final long serialVersionUID = 1L;

    FetchException(String message) {
        super(message);
    }
}
