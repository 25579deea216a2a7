package dev.reverie.gpu.tensor;

/** The device this build was made for cannot be used on this machine; the message says why and what to do. */
public final class DeviceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
