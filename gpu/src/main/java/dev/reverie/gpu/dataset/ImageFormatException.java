package dev.reverie.gpu.dataset;

/** Thrown when an image cannot be read; the message continues a sentence that starts with the image's name. */
final class ImageFormatException extends Exception {

    private static final long serialVersionUID = 1L;

    ImageFormatException(String message) {
        super(message);
    }
}
