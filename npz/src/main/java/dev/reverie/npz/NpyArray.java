package dev.reverie.npz;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One NumPy array of numbers or texts. Its items are counted in row-major order, whatever their order in memory. */
public final class NpyArray {

    /** The largest number below which a float in double precision distinguishes all integers. */
    private static final double EXACT = 1L << 53;

    private final NpyItems items;

    private NpyArray(NpyHeader header, ByteBuffer data) {
        this.items = new NpyItems(header, data);
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

    /**
     * Creates an array of items that follow each other in a larger one, in row-major order.
     *
     * @param type description of the type, such as {@code <f4}
     * @param offset number of items before the first one
     * @throws NpzException if the type is unknown, or there are too few items
     */
    public static NpyArray of(String type, List<Integer> shape, byte[] items, int offset) throws NpzException {
        NpyHeader header = new NpyHeader(NpyType.parse(type), shape);
        long from = (long) offset * header.type().itemSize();
        if (from + header.bytes() > items.length) {
            throw new NpzException("lacks some of the items of an array: save it again");
        }
        byte[] own = Arrays.copyOfRange(items, (int) from, (int) (from + header.bytes()));
        return new NpyArray(header, ByteBuffer.wrap(own));
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(items.header().toBytes());
        writeData(out);
    }

    /** Writes the items without a header. */
    void writeData(OutputStream out) throws IOException {
        out.write(items.data().array());
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

    /** Returns the sizes of the dimensions; empty for a scalar. */
    public List<Integer> shape() {
        return items.header().shape();
    }

    public int size() {
        return items.count();
    }

    NpyItems items() {
        return items;
    }

    int bytes() {
        return items.data().capacity();
    }

    public NpyType type() {
        return items.header().type();
    }

    public boolean isBytes() {
        return type().equals(NpyType.UINT8);
    }

    /** Whether there is one item for each index of the first dimension, or a single one: [n], [n, 1] or a scalar. */
    public boolean isColumn() {
        return shape().size() < 2 || (shape().size() == 2 && shape().getLast() == 1);
    }

    /** Returns the unsigned bytes of the array. The caller must not change them. */
    public byte[] toBytes() throws NpzException {
        if (!isBytes()) {
            throw new NpzException("has dtype " + type() + ": save it as uint8");
        }
        return items.bytes();
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
        double value = items.real(item);
        if (!Float.isFinite((float) value)) {
            throw new NpzException(
                    "has a value that is not finite, at position " + item + ": replace it with a finite number");
        }
        return value;
    }

    /**
     * Returns the items of an array of integers, or of floats that are whole numbers, from {@code least} to
     * {@code most}.
     *
     * @throws NpzException if the items have another type, or are out of range
     */
    public List<Integer> toIntegers(int least, int most) throws NpzException {
        List<Integer> values = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            long value = whole(i);
            if (value < least || value > most) {
                throw new NpzException(
                        "has the value " + value + " at position " + i + ": expected " + least + " to " + most);
            }
            values.add((int) value);
        }
        return values;
    }

    /**
     * Returns the single item of an array of whole numbers, from {@code least} to {@code most}.
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
     * Returns the items of an array of whole numbers. Unsigned values of 2^63 or above become negative.
     *
     * @throws NpzException if the items are no whole numbers
     */
    public long[] toLongs() throws NpzException {
        long[] values = new long[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = whole(i);
        }
        return values;
    }

    private long whole(int item) throws NpzException {
        if (type().isInteger()) {
            return items.integer(item);
        }
        if (!type().isReal()) {
            throw new NpzException("has dtype " + type() + ": save it as integers");
        }
        double value = items.real(item);
        if (value != Math.rint(value) || Math.abs(value) > EXACT) { // also refuses NaN
            throw new NpzException("has the value " + value + " at position " + item + ": save it as integers");
        }
        return (long) value;
    }

    /**
     * Returns whole numbers as decimal digits.
     *
     * @throws NpzException if an item is no whole number
     */
    public List<String> toDigits() throws NpzException {
        boolean unsigned = type().isUnsigned();
        return Arrays.stream(toLongs())
                .mapToObj(value -> unsigned ? Long.toUnsignedString(value) : Long.toString(value))
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
            values.add(items.text(i));
        }
        return values;
    }
}
