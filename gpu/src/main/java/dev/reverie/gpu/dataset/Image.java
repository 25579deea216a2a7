package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.util.zip.Checksum;

/**
 * One real image: unsigned bytes (0..255), channel-first. Instances are compared by identity. An image in memory is
 * immutable; input is copied. An image that is read on demand holds no levels: every method that needs them reads them
 * again, and throws {@link DatasetException} if its file is missing or damaged.
 */
public final class Image {

    public static final int MAX_LEVEL = 255;

    private static final double RED = 0.299;
    private static final double GREEN = 0.587;
    private static final double BLUE = 0.114;

    private final ImageShape shape;
    private final Source source;

    private Image(ImageShape shape, Source source) {
        this.shape = shape;
        this.source = source;
    }

    /** Where the levels of an image come from: memory, or a file that is read whenever they are needed. */
    public interface Source {

        /**
         * Returns the levels, channel-first, in an array that the caller must not change.
         *
         * @throws DatasetException if they come from a file that is missing or damaged
         */
        byte[] levels();

        /** Adds what identifies the image to a checksum: its levels, or the name of its file. */
        void addTo(Checksum checksum);
    }

    @SuppressWarnings("ArrayRecordComponent") // is not compared
    private record Levels(byte[] levels) implements Source {

        @Override
        public void addTo(Checksum checksum) {
            checksum.update(levels);
        }
    }

    /** Creates an image from a copy of {@code pixels}, channel-first unsigned bytes. */
    public static Image of(ImageShape shape, byte[] pixels) {
        return of(shape, pixels, 0, pixels.length);
    }

    /** Creates an image from a copy of {@code length} bytes of {@code source}, starting at {@code offset}. */
    public static Image of(ImageShape shape, byte[] source, int offset, int length) {
        if (length != shape.size()) {
            throw new IllegalArgumentException("a " + shape + " image has " + shape.size() + " bytes, got " + length);
        }
        byte[] copy = new byte[length];
        System.arraycopy(source, offset, copy, 0, length);
        return new Image(shape, new Levels(copy));
    }

    /** Creates an image that keeps {@code levels}, which nobody must change afterwards. */
    static Image owning(ImageShape shape, byte[] levels) {
        return new Image(shape, new Levels(levels));
    }

    /** Creates an image that is read on demand, by a source of {@link ImageShape#size()} levels. */
    public static Image onDemand(ImageShape shape, Source source) {
        return new Image(shape, source);
    }

    /** Whether the levels are in memory, so that no method throws {@link DatasetException}. */
    public boolean inMemory() {
        return source instanceof Levels;
    }

    /** Converts a grey image to three equal channels; returns any other image unchanged. */
    public Image inColour() {
        if (shape.channels() != 1) {
            return this;
        }
        ImageShape colour = new ImageShape(3, shape.height(), shape.width());
        byte[] pixels = source.levels();
        byte[] copies = new byte[colour.size()];
        for (int from = 0; from < copies.length; from += pixels.length) {
            System.arraycopy(pixels, 0, copies, from, pixels.length);
        }
        return new Image(colour, new Levels(copies));
    }

    /** Converts a colour image to its luma by ITU-R BT.601; returns any other image unchanged. */
    private Image inGrey() {
        if (shape.channels() == 1) {
            return this;
        }
        int plane = shape.planeSize();
        byte[] pixels = source.levels();
        byte[] luma = new byte[plane];
        for (int i = 0; i < plane; i++) {
            luma[i] = (byte) Math.round(RED * Byte.toUnsignedInt(pixels[i])
                    + GREEN * Byte.toUnsignedInt(pixels[plane + i])
                    + BLUE * Byte.toUnsignedInt(pixels[2 * plane + i]));
        }
        return new Image(new ImageShape(1, shape.height(), shape.width()), new Levels(luma));
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
        return ByteBuffer.wrap(source.levels()).asReadOnlyBuffer();
    }

    /** Returns the level, 0 to 255, at {@code index} in channel-first order. */
    public int level(int index) {
        return Byte.toUnsignedInt(source.levels()[index]);
    }

    /** Writes the image as values in [0, 1] to the first {@link ImageShape#size()} elements of {@code target}. */
    public void copyTo(double[] target) {
        byte[] pixels = source.levels();
        for (int i = 0; i < pixels.length; i++) {
            target[i] = Byte.toUnsignedInt(pixels[i]) / (double) MAX_LEVEL;
        }
    }

    /** Returns the image as values in [0, 1], channel-first, in a new array. */
    public double[] values() {
        double[] values = new double[shape.size()];
        copyTo(values);
        return values;
    }

    /** Adds what identifies the image to a checksum: its levels, or for one read on demand, its file. */
    public void addTo(Checksum checksum) {
        source.addTo(checksum);
    }
}
