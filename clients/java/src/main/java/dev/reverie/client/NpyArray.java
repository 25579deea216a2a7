package dev.reverie.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An array of an NPZ file: unsigned bytes, 32-bit floats, 64-bit integers or texts, in C order and little endian. */
final class NpyArray {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int VERSION_AT = 6;
    private static final int LENGTH_AT = 8;
    private static final Pattern HEADER =
            Pattern.compile("\\{'descr': '(\\|u1|<f4|<i8|<U[1-9]\\d{0,5})', 'fortran_order':"
                    + " False, 'shape': \\(([\\d, ]*)\\),? *\\}\\s*");
    private static final String LEVELS = "|u1";
    private static final String FLOATS = "<f4";
    private static final String INTEGERS = "<i8";
    private static final float MAX_LEVEL = 255;

    private final String name;
    private final String type;
    private final List<Integer> shape;
    private final int count;
    private final ByteBuffer data;

    private NpyArray(String name, String type, List<Integer> shape, int count, ByteBuffer data) {
        this.name = name;
        this.type = type;
        this.shape = shape;
        this.count = count;
        this.data = data;
    }

    /**
     * Reads an array in the NPY format.
     *
     * @param name name in messages
     * @throws NpzException if the array is damaged or has another type or order
     */
    static NpyArray read(String name, byte[] npy) throws NpzException {
        if (npy.length < LENGTH_AT + Integer.BYTES || !Arrays.equals(Arrays.copyOf(npy, MAGIC.length), MAGIC)) {
            throw new NpzException("its array '" + name + "' is damaged");
        }
        ByteBuffer file = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).position(LENGTH_AT);
        int length = npy[VERSION_AT] == 1 ? Short.toUnsignedInt(file.getShort()) : file.getInt();
        if (length < 0 || length > file.remaining()) {
            throw new NpzException("its array '" + name + "' is damaged");
        }
        String header = new String(npy, file.position(), length, StandardCharsets.US_ASCII);
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.matches()) {
            throw new NpzException("its array '" + name + "' is not one of bytes, floats, integers or texts, in C"
                    + " order and little endian");
        }
        ByteBuffer data = file.slice(file.position() + length, file.remaining() - length);
        return of(name, matcher.group(1), matcher.group(2), data.order(ByteOrder.LITTLE_ENDIAN));
    }

    private static NpyArray of(String name, String type, String dimensions, ByteBuffer data) throws NpzException {
        try {
            List<Integer> shape = new ArrayList<>();
            int count = 1;
            for (String size : dimensions.replace(" ", "").split(",")) {
                if (!size.isEmpty()) {
                    shape.add(Integer.valueOf(size));
                    count = Math.multiplyExact(count, shape.getLast());
                }
            }
            if (Math.multiplyExact(count, itemBytes(type)) == data.remaining()) {
                return new NpyArray(name, type, List.copyOf(shape), count, data);
            }
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            throw new NpzException("its array '" + name + "' is too large", tooLarge);
        }
        throw new NpzException("its array '" + name + "' has another size than its header declares");
    }

    private static int itemBytes(String type) {
        return switch (type) {
            case LEVELS -> 1;
            case FLOATS -> Float.BYTES;
            case INTEGERS -> Long.BYTES;
            default -> Math.multiplyExact(Integer.BYTES, Integer.parseInt(type.substring("<U".length())));
        };
    }

    /** Returns the sizes of the dimensions; empty for a scalar. */
    List<Integer> shape() {
        return shape;
    }

    /**
     * Returns unsigned bytes as they are, and floats in [0, 1] as the nearest of the levels 0 to 255.
     *
     * @throws NpzException if the values are neither bytes nor floats
     */
    byte[] toLevels() throws NpzException {
        byte[] levels = new byte[count];
        if (type.equals(LEVELS)) {
            data.get(0, levels);
            return levels;
        }
        require(type.equals(FLOATS), "unsigned bytes or floats");
        float[] values = toFloats();
        for (int i = 0; i < count; i++) {
            levels[i] = (byte) Math.round(Math.clamp(values[i], 0, 1) * MAX_LEVEL);
        }
        return levels;
    }

    float[] toFloats() throws NpzException {
        require(type.equals(FLOATS), "floats");
        float[] values = new float[count];
        data.asFloatBuffer().get(0, values);
        return values;
    }

    long[] toLongs() throws NpzException {
        require(type.equals(INTEGERS), "64-bit integers");
        long[] values = new long[count];
        data.asLongBuffer().get(0, values);
        return values;
    }

    /**
     * Returns 64-bit integers as indices.
     *
     * @throws NpzException if the values are not 64-bit integers, or one is negative or exceeds an {@code int}
     */
    int[] toIndices() throws NpzException {
        long[] values = toLongs();
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            require(values[i] >= 0 && values[i] <= Integer.MAX_VALUE, "indices");
            indices[i] = (int) values[i];
        }
        return indices;
    }

    List<String> toTexts() throws NpzException {
        require(type.startsWith("<U"), "texts");
        int width = itemBytes(type) / Integer.BYTES;
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int[] points = new int[width];
            data.asIntBuffer().get(i * width, points);
            int length = width;
            while (length > 0 && points[length - 1] == 0) {
                length--;
            }
            for (int point : points) {
                require(Character.isValidCodePoint(point) && Character.getType(point) != Character.SURROGATE, "texts");
            }
            texts.add(new String(points, 0, length));
        }
        return texts;
    }

    private void require(boolean holds, String expected) throws NpzException {
        if (!holds) {
            throw new NpzException("its array '" + name + "' does not have " + expected);
        }
    }
}
