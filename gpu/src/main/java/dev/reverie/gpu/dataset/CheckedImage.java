package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An encoded image whose structure has been checked. A PNG or JPEG is reduced to what defines its pixels: text,
 * profiles and thumbnails are removed, so that no decoder processes them.
 *
 * @param isGrey whether the format of the image has one channel for all colours; false if only its decoder knows
 * @param printColours how the print colours of the image are stored, if it has them
 * @param transparentLevel the stored level of a grey image that means transparency, if any
 * @param orientation how the decoded pixels must be turned
 * @param workingBytes memory that decoding takes beside the decoded pixels, if it depends on the size of the image
 * @param content the reduced image in its original format, in an array
 */
record CheckedImage(
        ImageFormat format,
        int width,
        int height,
        boolean isGrey,
        Optional<PrintColours> printColours,
        OptionalInt transparentLevel,
        ExifOrientation orientation,
        long workingBytes,
        ByteBuffer content) {

    static CheckedImage of(ImageFormat format, byte[] encoded) throws FileFormatException {
        return switch (format) {
            case PNG -> new PngChunks(encoded).read();
            case JPEG -> new JpegSegments(encoded).read();
            case GIF, BMP, TIFF, WEBP -> PictureHeader.check(format, encoded);
        };
    }

    long pixels() {
        return (long) width * height;
    }

    /** Formats the size as {@code 28x28}, width first. */
    String size() {
        return width + "x" + height;
    }
}
