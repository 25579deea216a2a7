package dev.reverie.deploy.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A service did not do what it was asked. The message is one sentence for a user. */
public abstract sealed class ServiceException extends IOException {

    private static final long serialVersionUID = 1L;

    private ServiceException(String message) {
        super(message);
    }

    /** Nothing answers, or the connection broke: whether the request was carried out is not known. */
    public static final class Unreachable extends ServiceException {

        private static final long serialVersionUID = 1L;

        Unreachable(String message, IOException cause) {
            super(message);
            initCause(cause);
        }
    }

    /** The service has too much in hand, is starting or draining, or has no room: the same request may be repeated. */
    public static final class Busy extends ServiceException {

        private static final long serialVersionUID = 1L;

        private final Optional<Duration> retryAfter;

        Busy(String message, Optional<Duration> retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }

        /** The pause that the service asks for, if it names one. */
        public Optional<Duration> retryAfter() {
            return retryAfter;
        }
    }

    /** The service will not do this, however often it is asked. */
    public static final class Refused extends ServiceException {

        private static final long serialVersionUID = 1L;

        private final int status;

        Refused(String message, int status) {
            super(message);
            this.status = status;
        }

        /** Status of the answer, 300 to 599. */
        public int status() {
            return status;
        }
    }
}
