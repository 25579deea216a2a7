package dev.reverie.gpu.dataset;

/**
 * What of an encoded picture makes its pixels, checked from the first byte to the last. Texts, profiles, thumbnails and
 * the like are left out, so that no decoder ever unpacks them.
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
     * Takes an encoded picture apart.
     *
     * @throws ImageFormatException if it is cut off, altered, continued after its end, or not built as its format asks
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
