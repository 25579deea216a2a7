package dev.reverie.client;

/**
 * Channels, height and width of an image, in that (channel-first) order. Their product fits into an int.
 *
 * @param channels at least 1
 * @param height side length in pixels, at least 1
 * @param width side length in pixels, at least 1
 */
public record ImageShape(int channels, int height, int width) {

    public ImageShape {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException("an image needs at least one channel, row and column, got " + channels
                    + "x" + height + "x" + width);
        }
        if ((double) channels * height * width > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("an image has at most " + Integer.MAX_VALUE + " values, got " + channels
                    + "x" + height + "x" + width);
        }
    }

    /** Number of values in one image: channels * height * width. */
    public int size() {
        return channels * height * width;
    }
}
