package dev.reverie.deploy.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Thrown when a service does not do what the client requested. The message is written for users. */
public abstract sealed class ServiceException extends IOException {

    private static final long serialVersionUID = 1L;

    private ServiceException(String message) {
        super(message);
    }

    /** No service answered, or the connection broke; the request may or may not have succeeded. */
    public static final class Unreachable extends ServiceException {

        private static final long serialVersionUID = 1L;

        Unreachable(String message, IOException cause) {
            super(message);
            initCause(cause);
        }
    }

    /** The service is overloaded, starting, stopping or out of space; the same request can be sent again later. */
    public static final class Busy extends ServiceException {

        private static final long serialVersionUID = 1L;

        private final Optional<Duration> retryAfter;

        Busy(String message, Optional<Duration> retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }

        /** Returns the pause that the service asks for, if any. */
        public Optional<Duration> retryAfter() {
            return retryAfter;
        }
    }

    /** The service refused the request or failed to process it, or the response does not come from Reverie. */
    public static final class Refused extends ServiceException {

        private static final long serialVersionUID = 1L;

        private final int status;

        Refused(String message, int status) {
            super(message);
            this.status = status;
        }

        /** Returns the HTTP status of the response, which is 200 to 299 for an unreadable response. */
        public int status() {
            return status;
        }
    }
}
