package dev.reverie.streams.decode;

import dev.reverie.gpu.dataset.PixelLimits;

/**
 * Limits on one delivery. By default, a delivery can contain 4,096 uncompressed grey images of 28x28 pixels.
 *
 * @param bodyBytes maximum size of a delivery as sent, in bytes
 * @param images maximum number of images in a delivery
 * @param pixels maximum number of pixels in one channel of an image
 * @param decodedBytes maximum size of a decoded delivery, in bytes
 * @param decodeRatio maximum ratio of the decoded size of a delivery to its size as sent; one image of the maximum size
 *     is always allowed
 * @param labelLength maximum length of a label, in code points
 * @param idLength maximum length of an id, in code points
 * @param lineBytes maximum length of a line of JSON, in bytes
 */
public record IngestLimits(
        int bodyBytes,
        int images,
        int pixels,
        int decodedBytes,
        int decodeRatio,
        int labelLength,
        int idLength,
        int lineBytes) {

    private static final int MEBI = 1 << 20;
    private static final int COLOURS = 3;

    /** Number of pixels that a photo to be resized may have, however small its file is. */
    private static final long PHOTO = 16L * MEBI;

    public IngestLimits {
        if (bodyBytes < 1
                || images < 1
                || pixels < 1
                || decodedBytes < 1
                || decodeRatio < 1
                || labelLength < 1
                || idLength < 1
                || lineBytes < 1) {
            throw new IllegalArgumentException("every limit must be at least 1");
        }
    }

    /** Returns the default limits, for example 8 MiB as sent, 64 MiB decoded, and 4,096 images of up to 4 Mi pixels. */
    public static IngestLimits defaults() {
        return new IngestLimits(8 * MEBI, 4096, 4 * MEBI, 64 * MEBI, 200, 256, 256, 4 * MEBI);
    }

    /** Returns the limits of a picture to be resized: a large one must have a file in proportion. */
    PixelLimits ofResized(int file) {
        long inProportion = Math.max(PHOTO, (long) decodeRatio * file / COLOURS);
        return new PixelLimits(pixels, Math.max(pixels, Math.min(PixelLimits.RESIZED.stored(), inProportion)));
    }

    /** Returns the maximum decoded size of a delivery of {@code sent} bytes. */
    public int decodedBytes(int sent) {
        long one = (long) COLOURS * pixels;
        return (int) Math.min(decodedBytes, Math.max(one, (long) decodeRatio * sent));
    }
}
