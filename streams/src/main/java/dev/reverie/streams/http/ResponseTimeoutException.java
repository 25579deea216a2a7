package dev.reverie.streams.http;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A response was not sent in time. Pekko closes the connection, and logs the exception as an error. */
public final class ResponseTimeoutException extends TimeoutException {

    private static final long serialVersionUID = 1L;

    private ResponseTimeoutException(String message) {
        super(message);
    }

    /** Creates the exception for a client that had the given time to read a response. */
    public static ResponseTimeoutException notRead(Duration time) {
        return new ResponseTimeoutException("the client did not read the response within " + seconds(time));
    }

    /** Creates the exception for a response that was not begun within the given time. */
    public static ResponseTimeoutException notStarted(Duration time) {
        return new ResponseTimeoutException(
                "the response did not start within " + seconds(time) + ", because the service or the client was slow");
    }

    private static String seconds(Duration time) {
        return time.toMillis() / 1000.0 + " s";
    }
}
