package dev.reverie.gpu.dataset;

/** The data may be sound, but is larger than whoever reads it allows. */
public final class OversizeException extends DatasetException {

    private static final long serialVersionUID = 1L;

    public OversizeException(String message) {
        super(message);
    }
}
