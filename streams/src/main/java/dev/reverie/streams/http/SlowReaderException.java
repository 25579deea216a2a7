package dev.reverie.streams.http;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A client has not read a response in time. Pekko closes the connection, and logs the exception as an error. */
public final class SlowReaderException extends TimeoutException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception for a client that had the given time. */
    public SlowReaderException(Duration time) {
        super("the client did not read the response within " + time.toMillis() / 1000.0 + " s");
    }
}
