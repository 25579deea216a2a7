package dev.reverie.streams.decode;

/**
 * Limits of one delivery. By default, 4,096 uncompressed images of 28x28 pixels fit into one.
 *
 * @param bodyBytes bytes of one delivery, as sent
 * @param images number of images in one delivery
 * @param pixels in one channel of an image
 * @param decodedBytes bytes of one delivery, decoded
 * @param decodeRatio maximum ratio of decoded to sent bytes; one image of the maximum size is always allowed
 * @param labelLength in code points
 * @param idLength in code points
 * @param lineBytes of one line of JSON
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

    /** The defaults: 8 MiB sent, 64 MiB decoded, 4,096 images of at most 4 Mi pixels, labels of 128 characters. */
    public static IngestLimits defaults() {
        return new IngestLimits(8 * MEBI, 4096, 4 * MEBI, 64 * MEBI, 200, 128, 256, 4 * MEBI);
    }

    /** Returns the number of bytes that a delivery of {@code sent} bytes may decode to. */
    public int decodedBytes(int sent) {
        long one = (long) COLOURS * pixels;
        return (int) Math.min(decodedBytes, Math.max(one, (long) decodeRatio * sent));
    }
}
