package dev.reverie.deploy.fetch;

import java.io.IOException;

/** A dataset could not be fetched; the message names everything that was tried and why it did not work. */
public final class FetchException extends IOException {

    private static final long serialVersionUID = 1L;

    FetchException(String message) {
        super(message);
    }
}
