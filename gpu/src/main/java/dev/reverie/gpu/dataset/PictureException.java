package dev.reverie.gpu.dataset;

/** A picture cannot be read; the message goes on after the picture's name. */
final class PictureException extends Exception {

    private static final long serialVersionUID = 1L;

    PictureException(String message) {
        super(message);
    }
}
