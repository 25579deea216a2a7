package dev.reverie.gpu.dataset;

import java.util.OptionalInt;

/**
 * An encoded image whose bytes have all been checked, reduced to what defines its pixels. Text, profiles and thumbnails
 * are removed, so that no decoder processes them.
 */
final class SanitisedImage {

    private final int width;
    private final int height;
    private final boolean grey;
    private final OptionalInt transparentLevel;
    private final ExifOrientation orientation;
    private final byte[] content;

    /**
     * Holds a sanitised image.
     *
     * @param width in pixels, from the header
     * @param height in pixels, from the header
     * @param grey whether the format of the image has one channel for all colours
     * @param transparentLevel the stored level of a grey image that means transparency, if any
     * @param orientation how the decoded pixels must be turned
     * @param content the reduced image in its original format; must not be modified afterwards
     */
    SanitisedImage(
            int width,
            int height,
            boolean grey,
            OptionalInt transparentLevel,
            ExifOrientation orientation,
            byte[] content) {
        this.width = width;
        this.height = height;
        this.grey = grey;
        this.transparentLevel = transparentLevel;
        this.orientation = orientation;
        this.content = content;
    }

    /**
     * Checks and reduces an encoded image.
     *
     * @throws FileFormatException if the image is truncated or damaged, has data after its end, or violates its format
     */
    static SanitisedImage of(ImageFormat format, byte[] encoded) throws FileFormatException {
        return switch (format) {
            case PNG -> new PngChunks(encoded).read();
            case JPEG -> new JpegSegments(encoded).read();
        };
    }

    long pixels() {
        return (long) width * height;
    }

    boolean isGrey() {
        return grey;
    }

    OptionalInt transparentLevel() {
        return transparentLevel;
    }

    ExifOrientation orientation() {
        return orientation;
    }

    /** Formats the size as {@code 28x28}, width first. */
    String size() {
        return width + "x" + height;
    }

    /** Returns the reduced image in its original format. The caller must not modify it. */
    byte[] content() {
        return content;
    }
}
