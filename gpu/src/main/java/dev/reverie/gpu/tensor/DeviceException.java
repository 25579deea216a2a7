package dev.reverie.gpu.tensor;

import java.util.Objects;
import java.util.stream.Stream;

/**
 * Thrown when this machine cannot use the device that this build targets; the message gives the reason and says what to
 * do.
 */
public final class DeviceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The first message of a failure and its causes, otherwise the name of its class: initialisers and parallel streams
     * wrap an error in one without a message.
     */
    public static String reasonOf(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(failure.getClass().getSimpleName());
    }
}
