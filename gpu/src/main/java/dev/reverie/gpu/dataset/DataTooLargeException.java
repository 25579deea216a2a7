package dev.reverie.gpu.dataset;

/** Thrown when data, even if valid, exceed the size that the reader allows. */
public final class DataTooLargeException extends DatasetException {

    private static final long serialVersionUID = 1L;

    public DataTooLargeException(String message) {
        super(message);
    }
}
