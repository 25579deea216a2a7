package dev.reverie.gpu.dataset;

/**
 * Checks an encoded picture from the first byte to the last, and reduces it to the parts that define its pixels. Texts,
 * profiles, thumbnails and the like are removed, so that no decoder unpacks them.
 */
final class ImageIntegrityCheck {

    private final int width;
    private final int height;
    private final byte[] content;

    /**
     * A picture that was checked.
     *
     * @param width in pixels, as the header claims
     * @param height in pixels, as the header claims
     * @param content a picture of the same format; not to be changed any more
     */
    ImageIntegrityCheck(int width, int height, byte[] content) {
        this.width = width;
        this.height = height;
        this.content = content;
    }

    /**
     * Checks and reduces an encoded picture.
     *
     * @throws ImageFormatException if it is truncated, damaged, continues after its end, or violates its format
     */
    static ImageIntegrityCheck of(ImageFormat format, byte[] encoded) throws ImageFormatException {
        return switch (format) {
            case PNG -> new PngChunks(encoded).read();
            case JPEG -> new JpegSegments(encoded).read();
        };
    }

    long pixels() {
        return (long) width * height;
    }

    /** Reads like {@code 28x28}, width first. */
    String size() {
        return width + "x" + height;
    }

    /** A picture of the same format; not to be changed. */
    byte[] content() {
        return content;
    }
}
