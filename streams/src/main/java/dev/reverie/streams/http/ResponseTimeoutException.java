package dev.reverie.streams.http;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A response was not sent in time. Pekko closes the connection, and logs the exception as an error. */
public final class ResponseTimeoutException extends TimeoutException {

    private static final long serialVersionUID = 1L;

    private ResponseTimeoutException(String message) {
        super(message);
    }

    public static ResponseTimeoutException notRead(Duration time) {
        return new ResponseTimeoutException("the client did not read the response within " + seconds(time));
    }

    public static ResponseTimeoutException notStarted(Duration time) {
        return new ResponseTimeoutException(
                "the response did not start within " + seconds(time) + ", because the service or the client was slow");
    }

    private static String seconds(Duration time) {
        return time.toMillis() / 1000.0 + " s";
    }
}
