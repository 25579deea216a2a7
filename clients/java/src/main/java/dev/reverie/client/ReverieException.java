package dev.reverie.client;

import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Thrown when a service does not do what the client requested. The message is written for users. */
public abstract sealed class ReverieException extends IOException {

    private static final long serialVersionUID = 1L;

    private ReverieException(String message) {
        super(message);
    }

    /** No service answered, even if a proxy did, or the connection broke; the request may have succeeded. */
    public static final class Unreachable extends ReverieException {

        private static final long serialVersionUID = 1L;

        Unreachable(String message, IOException cause) {
            super(message);
            initCause(cause);
        }
    }

    /** The service is overloaded, starting, stopping or out of space; the same request can be sent again later. */
    public static final class Busy extends ReverieException {

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

    /** What the client waited for did not happen in time. */
    public static final class TimedOut extends ReverieException {

        private static final long serialVersionUID = 1L;

        TimedOut(String message) {
            super(message);
        }
    }

    /** The service refused the request or failed to process it, or the response does not come from Reverie. */
    public static final class Refused extends ReverieException {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final String type;
        private final transient @Nullable DeliveryReceipt receipt;

        Refused(String message, int status, String type) {
            this(message, status, type, null);
        }

        Refused(String message, int status, String type, @Nullable DeliveryReceipt receipt) {
            super(message);
            this.status = status;
            this.type = type;
            this.receipt = receipt;
        }

        /** The refusal to draw from a memory without images. */
        static Refused memoryEmpty() {
            return new Refused(
                    "no class has images yet: send samples first, or wait", HTTP_NOT_FOUND, "/problems/memory-empty");
        }

        /** The refusal to draw images of a class that has none. */
        static Refused unknownClass(String label) {
            return new Refused(
                    "the memory has no images of the class '" + label + "': check the label",
                    HTTP_NOT_FOUND,
                    "/problems/unknown-class");
        }

        /** Returns the HTTP status of the response, which is 200 to 299 for an unreadable response. */
        public int status() {
            return status;
        }

        /** Returns the type of the problem, such as {@code /problems/class-sealed}; empty if the response has none. */
        public String type() {
            return type;
        }

        /** Returns what the service has stored of a delivery of which it refused only some samples. */
        public Optional<DeliveryReceipt> receipt() {
            return Optional.ofNullable(receipt);
        }
    }
}
