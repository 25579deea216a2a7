package dev.reverie.streams.decode;

/**
 * How much may come in at once. A delivery of 4,096 images of 28x28 pixels fits, as bytes also without compression.
 *
 * @param bodyBytes of one delivery, as sent
 * @param images of one delivery
 * @param pixels of one channel of an image
 * @param decodedBytes of one delivery, unpacked
 * @param decodeRatio times as many bytes as were sent a delivery may have, unpacked; one image of the largest size is
 *     always allowed
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
            throw new IllegalArgumentException("a limit of what comes in is at least 1");
        }
    }

    /** 8 MiB sent and 64 MiB unpacked, 4,096 images of at most 4 Mi pixels, labels of 128 characters. */
    public static IngestLimits defaults() {
        return new IngestLimits(8 * MEBI, 4096, 4 * MEBI, 64 * MEBI, 200, 128, 256, 4 * MEBI);
    }

    /** Bytes that a delivery of {@code sent} bytes may unpack to. */
    public int decodedBytes(int sent) {
        long one = (long) COLOURS * pixels;
        return (int) Math.min(decodedBytes, Math.max(one, (long) decodeRatio * sent));
    }
}
