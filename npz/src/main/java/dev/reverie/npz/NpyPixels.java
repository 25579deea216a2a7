package dev.reverie.npz;

/**
 * The values of images, whatever type of number the array has: integers from 0 to 255 are levels, 16-bit levels are
 * divided by 257, floats are from 0 to 1, and truth values are black and white.
 */
public final class NpyPixels {

    private static final int MAX_LEVEL = 255;

    /** The largest 16-bit level divided by the largest level. */
    private static final double LEVELS_PER_LEVEL = 257;

    private final NpyArray array;
    private final int perImage;
    private final boolean are16Bits;

    /**
     * Creates the values of an array of images, which are read one by one.
     *
     * @param perImage number of values of an image
     * @throws NpzException if the array has texts, or 16-bit levels that could as well be levels of 8 bits
     */
    public NpyPixels(NpyArray array, int perImage) throws NpzException {
        if (array.type().isText()) {
            throw new NpzException("has dtype " + array.type() + ": save it as float32 in [0, 1] or as uint8");
        }
        this.array = array;
        this.perImage = perImage;
        this.are16Bits = array.type().isUnsigned() && array.type().itemSize() == Short.BYTES;
        if (are16Bits) {
            requireBright();
        }
    }

    private void requireBright() throws NpzException {
        long most = 0;
        for (int i = 0; i < array.size(); i++) {
            most = Math.max(most, array.items().integer(i));
        }
        if (most > 0 && most <= MAX_LEVEL) {
            throw new NpzException("has dtype " + array.type() + " and no value above " + most
                    + ", so it has levels of 8 bits, or of 16 bits that are almost black: save it as uint8");
        }
    }

    /** Returns all levels in row-major order, as {@link #level} does. */
    public byte[] levels() throws NpzException {
        if (array.isBytes()) {
            return array.toBytes();
        }
        byte[] levels = new byte[array.size()];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = level(i);
        }
        return levels;
    }

    /**
     * Returns the value of an item as the nearest level.
     *
     * @throws NpzException if it is out of range
     */
    public byte level(int item) throws NpzException {
        return switch (array.type().kind()) {
            case 'f' -> (byte) Math.round(intensity(item) * MAX_LEVEL);
            case 'b' -> (byte) (array.items().integer(item) == 0 ? 0 : MAX_LEVEL);
            default -> (byte) (are16Bits ? Math.round(array.items().integer(item) / LEVELS_PER_LEVEL) : integer(item));
        };
    }

    private long integer(int item) throws NpzException {
        long level = array.items().integer(item);
        if (level < 0 || level > MAX_LEVEL) {
            throw outOfRange(level, item);
        }
        return level;
    }

    /** Returns an item of an array of floats, whatever its value. */
    public double real(int item) {
        return array.items().real(item);
    }

    /**
     * Returns an item of an array of floats.
     *
     * @throws NpzException if it is not from 0 to 1
     */
    public double intensity(int item) throws NpzException {
        double value = real(item);
        if (!(value >= 0 && value <= 1)) { // also refuses NaN
            throw outOfRange(value, item);
        }
        return value;
    }

    private NpzException outOfRange(Number value, int item) {
        return new NpzException(
                "has the value " + value + " in image " + item / perImage + ": save floats from 0 to 1, or uint8");
    }
}
