package dev.reverie.gpu.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One NumPy array: header and little-endian, row-major data. */
final class NpyArray {

    private static final NpyType UINT8 = new NpyType('u', 1);

    private final NpyHeader header;
    private final ByteBuffer data;
    private final NpyItems items;

    private NpyArray(NpyHeader header, ByteBuffer data) {
        this.header = header;
        this.data = data.order(ByteOrder.LITTLE_ENDIAN);
        this.items = new NpyItems(header.type(), data);
    }

    static NpyArray ofFloats(float[] values, Integer... shape) {
        ByteBuffer data = littleEndian(values.length * Float.BYTES);
        data.asFloatBuffer().put(values);
        return new NpyArray(new NpyHeader(NpyType.FLOAT32, List.of(shape)), data);
    }

    /** Creates an array of images, [n, C, H, W], with values of the type of the batch. */
    static NpyArray ofImages(ImageBatch batch) {
        ByteBuffer data;
        if (batch.dtype() == Dtype.UINT8) {
            data = ByteBuffer.wrap(batch.toLevels());
        } else {
            data = littleEndian(batch.size() * Float.BYTES);
            batch.putFloats(data.asFloatBuffer());
        }
        return new NpyArray(headerOf(batch), data);
    }

    /** Writes an array of images as {@link #ofImages} creates it, but never holds the values of all of them. */
    static void writeImages(ImageBatch batch, OutputStream out) throws IOException {
        out.write(headerOf(batch).toBytes());
        for (ImageBatch part : batch.parts()) {
            ofImages(part).writeData(out);
        }
    }

    private static NpyHeader headerOf(ImageBatch batch) {
        ImageShape shape = batch.shape();
        return new NpyHeader(
                batch.dtype() == Dtype.UINT8 ? UINT8 : NpyType.FLOAT32,
                List.of(batch.count(), shape.channels(), shape.height(), shape.width()));
    }

    /** Creates an array of unsigned bytes. It keeps {@code values}, which the caller must not change. */
    static NpyArray ofBytes(byte[] values, Integer... shape) {
        return new NpyArray(new NpyHeader(UINT8, List.of(shape)), ByteBuffer.wrap(values));
    }

    /** Creates a vector of floats. */
    static NpyArray ofFloats(List<Double> values) {
        ByteBuffer data = littleEndian(values.size() * Float.BYTES);
        values.forEach(value -> data.putFloat(value.floatValue()));
        return new NpyArray(new NpyHeader(NpyType.FLOAT32, List.of(values.size())), data);
    }

    /** Creates a vector of 64-bit integers. */
    static NpyArray ofIntegers(List<? extends Number> values) {
        ByteBuffer data = littleEndian(values.size() * Long.BYTES);
        values.forEach(value -> data.putLong(value.longValue()));
        return new NpyArray(new NpyHeader(NpyType.INT64, List.of(values.size())), data);
    }

    /** Creates a 64-bit integer scalar. */
    static NpyArray ofScalar(int value) {
        return new NpyArray(
                new NpyHeader(NpyType.INT64, List.of()),
                littleEndian(Long.BYTES).putLong(value));
    }

    /** Creates a vector of Unicode texts, each padded with zeros to the length of the longest. */
    static NpyArray ofTexts(List<String> values) {
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

    void writeTo(OutputStream out) throws IOException {
        out.write(header.toBytes());
        writeData(out);
    }

    private void writeData(OutputStream out) throws IOException {
        out.write(data.array(), data.arrayOffset(), data.capacity());
    }

    /** Size of the array in an archive, in bytes. */
    int fileBytes() {
        return header.toBytes().length + bytes();
    }

    /**
     * Reads one array to the end of the stream. Memory use grows with the actual data, not with the size in the header.
     *
     * @throws NpyFormatException if the array is unsupported, longer than {@code maxBytes}, truncated, or followed by
     *     more data
     */
    static NpyArray readFrom(InputStream in, int maxBytes) throws IOException {
        NpyHeader header = NpyHeader.readFrom(in);
        long bytes = header.items() * header.type().itemSize();
        if (bytes > maxBytes) {
            throw new NpyTooLargeException(
                    "has " + bytes + " bytes, more than the " + maxBytes + " allowed: use fewer or smaller images");
        }
        byte[] data = in.readNBytes((int) bytes);
        if (data.length < bytes) {
            throw new NpyFormatException(
                    "is truncated: expected " + bytes + " bytes, got " + data.length + "; save it again");
        }
        if (in.read() >= 0) {
            throw new NpyFormatException("has more data than its header declares: save it again");
        }
        return new NpyArray(header, ByteBuffer.wrap(data));
    }

    NpyType type() {
        return header.type();
    }

    List<Integer> shape() {
        return header.shape();
    }

    /** Size of the data, in bytes. */
    int bytes() {
        return data.capacity();
    }

    /** Number of items. */
    int size() {
        return items.size();
    }

    NpyItems items() {
        return items;
    }

    /** Whether the items are unsigned bytes. */
    boolean isBytes() {
        return type().equals(UINT8);
    }

    /** Returns the data, not a copy. The caller must not change it. */
    byte[] data() {
        return data.array();
    }

    /**
     * Returns the items of a floating-point array in single precision.
     *
     * @throws NpyFormatException if the items have another type, or are not finite
     */
    float[] toFloats() throws NpyFormatException {
        requireReals();
        float[] values = new float[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) items.real(i);
            requireFinite(values[i], i);
        }
        return values;
    }

    /**
     * Returns the items of an array of unsigned bytes, not a copy. The caller must not change them.
     *
     * @param image sizes of the dimensions of one image, which follow the number of images in the shape of the array
     * @param values number of allowed values, at least 1; each item must be less
     * @throws NpyFormatException if the items have another type or the array is empty or has another shape, or an item
     *     is out of range
     */
    byte[] toBytes(List<Integer> image, int values) throws NpyFormatException {
        if (!isBytes()) {
            throw new NpyFormatException("has dtype " + type() + ": save it as uint8");
        }
        if (shape().isEmpty() || !shape().subList(1, shape().size()).equals(image)) {
            throw new NpyFormatException("has shape " + shape() + ": expected [images, "
                    + image.stream().map(String::valueOf).collect(Collectors.joining(", ")) + "]");
        }
        if (size() == 0) {
            throw new NpyFormatException("has shape " + shape() + ", so it is empty: save at least one image");
        }
        for (int i = 0; i < size(); i++) {
            requireBetween(0, values - 1, items.integer(i), i);
        }
        return data.array();
    }

    /**
     * Returns the items of a floating-point array.
     *
     * @throws NpyFormatException if the items have another type, or are not finite
     */
    List<Double> toReals() throws NpyFormatException {
        requireReals();
        List<Double> values = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            double value = items.real(i);
            requireFinite(value, i);
            values.add(value);
        }
        return values;
    }

    private static void requireFinite(double value, int position) throws NpyFormatException {
        if (!Double.isFinite(value)) {
            throw new NpyFormatException(
                    "has a value that is not finite, at position " + position + ": replace it with a finite number");
        }
    }

    private void requireReals() throws NpyFormatException {
        if (type().kind() != 'f') {
            throw new NpyFormatException("has dtype " + type() + ": save it as float32");
        }
    }

    /**
     * Returns the items of an integer array, from {@code least} to {@code most}.
     *
     * @throws NpyFormatException if the items have another type, or are out of range
     */
    List<Integer> toIntegers(int least, int most) throws NpyFormatException {
        if (!type().isInteger()) {
            throw new NpyFormatException("has dtype " + type() + ": save it as integers");
        }
        List<Integer> values = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            long value = items.integer(i);
            requireBetween(least, most, value, i);
            values.add((int) value);
        }
        return values;
    }

    private static void requireBetween(int least, int most, long value, int position) throws NpyFormatException {
        if (value < least || value > most) {
            throw new NpyFormatException(
                    "has the value " + value + " at position " + position + ": expected " + least + " to " + most);
        }
    }

    /**
     * Returns the single item of an integer array, from {@code least} to {@code most}.
     *
     * @throws NpyFormatException if there is not one item, or it has another type, or is out of range
     */
    int toInteger(int least, int most) throws NpyFormatException {
        if (size() != 1) {
            throw new NpyFormatException("has shape " + shape() + ": expected a single integer");
        }
        return toIntegers(least, most).getFirst();
    }

    /**
     * Returns the integer items of a vector as decimal digits.
     *
     * @throws NpyFormatException if this is not a vector of integers
     */
    List<String> toDigits() throws NpyFormatException {
        if (!type().isInteger() || shape().size() != 1) {
            throw new NpyFormatException(
                    "has dtype " + type() + " and shape " + shape() + ": save it as a vector of integers, [images]");
        }
        List<String> values = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            values.add(items.digits(i));
        }
        return values;
    }

    /**
     * Returns the items of an array of texts, without the padding zeros at their ends. Keeps other zeros.
     *
     * @throws NpyFormatException if the items have another type, or are not valid Unicode
     */
    List<String> toTexts() throws NpyFormatException {
        if (!type().isText()) {
            throw new NpyFormatException("has dtype " + type() + ": save it as Unicode text");
        }
        List<String> values = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            values.add(items.text(i));
        }
        return values;
    }
}
