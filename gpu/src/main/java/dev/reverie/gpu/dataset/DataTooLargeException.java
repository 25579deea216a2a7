package dev.reverie.gpu.dataset;

/** Thrown when data exceed the size that the reader allows, whether or not they are valid. */
public final class DataTooLargeException extends DatasetException {

    private static final long serialVersionUID = 1L;

    public DataTooLargeException(String message) {
        super(message);
    }
}
