package dev.reverie.gpu.dataset;

/** The data may be sound, but is larger than whoever reads it allows. */
public final class DataTooLargeException extends DatasetException {

    private static final long serialVersionUID = 1L;

    public DataTooLargeException(String message) {
        super(message);
    }
}
