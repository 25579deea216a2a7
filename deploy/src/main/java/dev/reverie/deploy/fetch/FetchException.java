package dev.reverie.deploy.fetch;

import java.io.IOException;

/** Reports that a dataset could not be fetched, with all attempts and their failures. */
public final class FetchException extends IOException {

    private static final long serialVersionUID = 1L;

    FetchException(String message) {
        super(message);
    }
}
