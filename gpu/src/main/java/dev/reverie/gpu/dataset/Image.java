package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;

/**
 * One real image: unsigned bytes (0..255), channel-first. Immutable; input is copied. Instances are compared by
 * identity.
 */
public final class Image {

    private static final double LEVELS = 255.0;
    private static final double RED = 0.299;
    private static final double GREEN = 0.587;
    private static final double BLUE = 0.114;

    private final ImageShape shape;
    private final byte[] pixels;

    private Image(ImageShape shape, byte[] pixels) {
        this.shape = shape;
        this.pixels = pixels;
    }

    /**
     * Creates an image from a copy of {@code pixels}, channel-first unsigned bytes.
     *
     * @throws IllegalArgumentException if the number of bytes is not {@link ImageShape#size()}
     */
    public static Image of(ImageShape shape, byte[] pixels) {
        return of(shape, pixels, 0, pixels.length);
    }

    /**
     * Creates an image from a copy of {@code length} bytes of {@code source}, starting at {@code offset}.
     *
     * @throws IllegalArgumentException if {@code length} is not {@link ImageShape#size()}
     */
    public static Image of(ImageShape shape, byte[] source, int offset, int length) {
        if (length != shape.size()) {
            throw new IllegalArgumentException("a " + shape + " image has " + shape.size() + " bytes, got " + length);
        }
        byte[] copy = new byte[length];
        System.arraycopy(source, offset, copy, 0, length);
        return new Image(shape, copy);
    }

    /** Converts a grey image to three equal channels; returns any other image unchanged. */
    public Image inColour() {
        if (shape.channels() != 1) {
            return this;
        }
        ImageShape colour = new ImageShape(3, shape.height(), shape.width());
        byte[] copies = new byte[colour.size()];
        for (int from = 0; from < copies.length; from += pixels.length) {
            System.arraycopy(pixels, 0, copies, from, pixels.length);
        }
        return new Image(colour, copies);
    }

    /** Converts a colour image to its luma by ITU-R BT.601; returns any other image unchanged. */
    private Image inGrey() {
        if (shape.channels() == 1) {
            return this;
        }
        int plane = shape.planeSize();
        byte[] luma = new byte[plane];
        for (int i = 0; i < plane; i++) {
            luma[i] = (byte) Math.round(RED * level(i) + GREEN * level(plane + i) + BLUE * level(2 * plane + i));
        }
        return new Image(new ImageShape(1, shape.height(), shape.width()), luma);
    }

    /**
     * Converts the image to a number of channels, 1 (grey) or 3: repeats the channel of a grey image, and reduces
     * colours to their luma by ITU-R BT.601.
     */
    public Image withChannels(int channels) {
        return channels == 1 ? inGrey() : inColour();
    }

    public ImageShape shape() {
        return shape;
    }

    /**
     * Returns a read-only view of the levels, channel-first. The buffers of two images with the same levels are equal.
     */
    public ByteBuffer levels() {
        return ByteBuffer.wrap(pixels).asReadOnlyBuffer();
    }

    /** Returns the level, 0 to 255, at {@code index} in channel-first order. */
    public int level(int index) {
        return pixels[index] & 0xff;
    }

    /** Writes the image as values in [0, 1] to the first {@link ImageShape#size()} elements of {@code target}. */
    public void copyTo(double[] target) {
        for (int i = 0; i < pixels.length; i++) {
            target[i] = (pixels[i] & 0xff) / LEVELS;
        }
    }

    /** Returns the image as values in [0, 1], channel-first, in a new array. */
    public double[] values() {
        double[] values = new double[pixels.length];
        copyTo(values);
        return values;
    }
}
