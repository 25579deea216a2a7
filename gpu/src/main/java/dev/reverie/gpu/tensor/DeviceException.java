package dev.reverie.gpu.tensor;

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
}
