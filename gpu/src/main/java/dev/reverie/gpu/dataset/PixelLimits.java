package dev.reverie.gpu.dataset;

/**
 * How large a picture may be.
 *
 * @param decoded maximum number of pixels that are decoded; of a larger picture, only every second, third, ... pixel of
 *     every second, third, ... row
 * @param stored maximum number of pixels of the file
 */
public record PixelLimits(long decoded, long stored) {

    /** The limits of pictures that are to be resized, enough for a camera of 64 megapixels. */
    public static final PixelLimits RESIZED = new PixelLimits(1L << 22, 1L << 26);

    /** Returns the limits for pictures of which every pixel counts. */
    public static PixelLimits whole(long pixels) {
        return new PixelLimits(pixels, pixels);
    }

    /** Returns the least distance of decoded pixels, in both directions, with which a picture fits. */
    int step(int width, int height) {
        int step = 1;
        while ((long) Math.ceilDiv(width, step) * Math.ceilDiv(height, step) > decoded) {
            step++;
        }
        return step;
    }
}
