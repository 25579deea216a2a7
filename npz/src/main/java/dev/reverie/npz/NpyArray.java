package dev.reverie.npz;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** One NumPy array of numbers or texts, in row-major order. */
public final class NpyArray {

    private static final int MAX_LEVEL = 255;

    private final NpyHeader header;
    private final ByteBuffer data;

    private NpyArray(NpyHeader header, ByteBuffer data) {
        this.header = header;
        this.data = data.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Creates an array of floats in single precision. */
    public static NpyArray ofFloats(float[] values, Integer... shape) {
        ByteBuffer data = littleEndian(values.length * Float.BYTES);
        data.asFloatBuffer().put(values);
        return new NpyArray(new NpyHeader(NpyType.FLOAT32, List.of(shape)), data);
    }

    /** Creates a vector of floats in single precision. */
    public static NpyArray ofFloats(List<Double> values) {
        ByteBuffer data = littleEndian(values.size() * Float.BYTES);
        values.forEach(value -> data.putFloat(value.floatValue()));
        return new NpyArray(new NpyHeader(NpyType.FLOAT32, List.of(values.size())), data);
    }

    /** Creates an array of unsigned bytes. It keeps {@code values}, which the caller must not change. */
    public static NpyArray ofBytes(byte[] values, Integer... shape) {
        return new NpyArray(new NpyHeader(NpyType.UINT8, List.of(shape)), ByteBuffer.wrap(values));
    }

    /** Creates a vector of 64-bit integers. */
    public static NpyArray ofIntegers(List<? extends Number> values) {
        ByteBuffer data = littleEndian(values.size() * Long.BYTES);
        values.forEach(value -> data.putLong(value.longValue()));
        return new NpyArray(new NpyHeader(NpyType.INT64, List.of(values.size())), data);
    }

    /** Creates a 64-bit integer scalar. */
    public static NpyArray ofScalar(int value) {
        return new NpyArray(
                new NpyHeader(NpyType.INT64, List.of()),
                littleEndian(Long.BYTES).putLong(value));
    }

    /** Creates a vector of Unicode texts, each padded with zeros to the length of the longest. */
    public static NpyArray ofTexts(List<String> values) {
        int longest = values.stream()
                .mapToInt(value -> value.codePointCount(0, value.length()))
                .max()
                .orElse(0);
        NpyType type = NpyType.text(longest);
        ByteBuffer data = littleEndian(values.size() * type.itemSize());
        for (int i = 0; i < values.size(); i++) {
            data.position(i * type.itemSize());
            values.get(i).codePoints().forEach(data::putInt);
        }
        return new NpyArray(new NpyHeader(type, List.of(values.size())), data);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(header.toBytes());
        writeData(out);
    }

    /** Writes the items without a header. */
    void writeData(OutputStream out) throws IOException {
        out.write(data.array(), data.arrayOffset(), data.capacity());
    }

    /**
     * Reads an NPY file to the end of the stream. Memory use grows with the actual data, not with the size in the
     * header.
     *
     * @throws NpzException if the array is unsupported, longer than {@code maxBytes}, truncated, or followed by more
     *     data
     */
    public static NpyArray readFrom(InputStream in, int maxBytes) throws IOException {
        NpyHeader header = NpyHeader.readFrom(in);
        long bytes = header.bytes();
        if (bytes > maxBytes) {
            throw NpzException.tooLarge(
                    "has " + bytes + " bytes, more than the " + maxBytes + " allowed: use fewer or smaller images");
        }
        byte[] data = in.readNBytes((int) bytes);
        if (data.length < bytes) {
            throw new NpzException(
                    "is truncated: expected " + bytes + " bytes, got " + data.length + "; save it again");
        }
        if (in.read() >= 0) {
            throw new NpzException("has more data than its header declares: save it again");
        }
        return new NpyArray(header, ByteBuffer.wrap(data));
    }

    /** Returns the sizes of the dimensions, with the slowest-varying dimension first; empty for a scalar. */
    public List<Integer> shape() {
        return header.shape();
    }

    public int size() {
        return data.capacity() / type().itemSize();
    }

    int bytes() {
        return data.capacity();
    }

    public NpyType type() {
        return header.type();
    }

    public boolean isBytes() {
        return type().equals(NpyType.UINT8);
    }

    /** Returns the unsigned bytes of the array, not a copy. The caller must not change them. */
    public byte[] toBytes() throws NpzException {
        if (!isBytes()) {
            throw new NpzException("has dtype " + type() + ": save it as uint8");
        }
        return data.array();
    }

    /**
     * Returns the values of images as levels 0 to 255: unsigned bytes unchanged, floats in [0, 1] converted to the
     * nearest level. The caller must not change them.
     *
     * @throws NpzException if the items have another type, or a float is outside [0, 1]
     */
    public byte[] toLevels() throws NpzException {
        if (isBytes()) {
            return data.array();
        }
        byte[] levels = new byte[size()];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.round(intensity(i) * MAX_LEVEL);
        }
        return levels;
    }

    /**
     * Returns the values of images as floats.
     *
     * @throws NpzException if the items are not floats, or one is outside [0, 1]
     */
    public float[] toIntensities() throws NpzException {
        float[] values = new float[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) intensity(i);
        }
        return values;
    }

    private double intensity(int item) throws NpzException {
        if (!type().isReal()) {
            throw new NpzException("has dtype " + type() + ": save it as float32 in [0, 1] or as uint8");
        }
        double value = real(item);
        if (!(value >= 0 && value <= 1)) { // also refuses NaN
            int images = shape().isEmpty() ? 1 : shape().getFirst();
            throw new NpzException("has the value " + value + " in image " + item / (size() / images)
                    + ": save floats from 0 to 1, or uint8");
        }
        return value;
    }

    /**
     * Returns the items of a floating-point array in single precision.
     *
     * @throws NpzException if the items have another type, or are not finite
     */
    public float[] toFloats() throws NpzException {
        float[] values = new float[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) finite(i);
        }
        return values;
    }

    /**
     * Returns the items of a floating-point array.
     *
     * @throws NpzException if the items have another type, or are not finite
     */
    public List<Double> toReals() throws NpzException {
        List<Double> values = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            values.add(finite(i));
        }
        return values;
    }

    private double finite(int item) throws NpzException {
        if (!type().isReal()) {
            throw new NpzException("has dtype " + type() + ": save it as float32");
        }
        double value = real(item);
        if (!Float.isFinite((float) value)) {
            throw new NpzException(
                    "has a value that is not finite, at position " + item + ": replace it with a finite number");
        }
        return value;
    }

    private double real(int item) {
        boolean isSingle = type().itemSize() == Float.BYTES;
        return isSingle ? data.getFloat(item * Float.BYTES) : data.getDouble(item * Double.BYTES);
    }

    /**
     * Returns the items of an integer array, from {@code least} to {@code most}.
     *
     * @throws NpzException if the items have another type, or are out of range
     */
    public List<Integer> toIntegers(int least, int most) throws NpzException {
        requireIntegers();
        List<Integer> values = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            long value = integer(i);
            if (value < least || value > most) {
                throw new NpzException(
                        "has the value " + value + " at position " + i + ": expected " + least + " to " + most);
            }
            values.add((int) value);
        }
        return values;
    }

    /**
     * Returns the single item of an integer array, from {@code least} to {@code most}.
     *
     * @throws NpzException if there is not one item, or it has another type, or is out of range
     */
    public int toInteger(int least, int most) throws NpzException {
        if (size() != 1) {
            throw new NpzException("has shape " + shape() + ": expected a single integer");
        }
        return toIntegers(least, most).getFirst();
    }

    /**
     * Returns the items of an integer array. Unsigned values of 2^63 or above become negative.
     *
     * @throws NpzException if the items have another type
     */
    public long[] toLongs() throws NpzException {
        requireIntegers();
        return IntStream.range(0, size()).mapToLong(this::integer).toArray();
    }

    private void requireIntegers() throws NpzException {
        if (!type().isInteger()) {
            throw new NpzException("has dtype " + type() + ": save it as integers");
        }
    }

    private long integer(int item) {
        int at = item * type().itemSize();
        boolean unsigned = type().isUnsigned();
        return switch (type().itemSize()) {
            case Byte.BYTES -> unsigned ? Byte.toUnsignedLong(data.get(at)) : data.get(at);
            case Short.BYTES -> unsigned ? Short.toUnsignedLong(data.getShort(at)) : data.getShort(at);
            case Integer.BYTES -> unsigned ? Integer.toUnsignedLong(data.getInt(at)) : data.getInt(at);
            default -> data.getLong(at);
        };
    }

    /**
     * Returns the integer items of a vector as decimal digits.
     *
     * @throws NpzException if this is not a vector of integers
     */
    public List<String> toDigits() throws NpzException {
        if (!type().isInteger() || shape().size() != 1) {
            throw new NpzException(
                    "has dtype " + type() + " and shape " + shape() + ": save it as a vector of integers, [images]");
        }
        return IntStream.range(0, size())
                .mapToObj(i -> type().isUnsigned() ? Long.toUnsignedString(integer(i)) : Long.toString(integer(i)))
                .toList();
    }

    /**
     * Returns the items of an array of texts, without the padding zeros at their ends. Keeps other zeros.
     *
     * @throws NpzException if the items have another type, or are not valid Unicode
     */
    public List<String> toTexts() throws NpzException {
        if (!type().isText()) {
            throw new NpzException("has dtype " + type() + ": save it as Unicode text");
        }
        List<String> values = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            values.add(text(i));
        }
        return values;
    }

    private String text(int item) throws NpzException {
        StringBuilder text = new StringBuilder();
        int start = item * type().itemSize();
        int end = start + type().itemSize();
        while (end > start && data.getInt(end - Integer.BYTES) == 0) {
            end -= Integer.BYTES;
        }
        for (int at = start; at < end; at += Integer.BYTES) {
            int codePoint = data.getInt(at);
            if (!Character.isValidCodePoint(codePoint) || Character.getType(codePoint) == Character.SURROGATE) {
                throw new NpzException("has invalid Unicode at position " + item + ": correct the text");
            }
            text.appendCodePoint(codePoint);
        }
        return text.toString();
    }
}
