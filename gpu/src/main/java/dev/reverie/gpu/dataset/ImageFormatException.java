package dev.reverie.gpu.dataset;

/** A picture cannot be read; the message goes on after the picture's name. */
final class ImageFormatException extends Exception {

    private static final long serialVersionUID = 1L;

    ImageFormatException(String message) {
        super(message);
    }
}
