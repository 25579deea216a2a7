package dev.reverie.gpu.dataset.matlab;

import dev.reverie.gpu.dataset.FileFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A numeric array whose values are read sequentially, column by column, while the file is streamed. */
public final class MatArray {

    // The data types of the format.
    private static final int INT8 = 1;
    private static final int UINT8 = 2;
    private static final int INT16 = 3;
    private static final int UINT16 = 4;
    private static final int INT32 = 5;
    private static final int UINT32 = 6;
    private static final int DOUBLE = 9;

    private final MatInput in;
    private final String name;
    private final List<Integer> dimensions;
    private final int storage;

    MatArray(MatInput in, String name, List<Integer> dimensions, int storage) {
        this.in = in;
        this.name = name;
        this.dimensions = List.copyOf(dimensions);
        this.storage = storage;
    }

    public String name() {
        return name;
    }

    /** The sizes of the dimensions, each at least 1; the first dimension varies fastest. */
    public List<Integer> dimensions() {
        return dimensions;
    }

    /** Whether the values are unsigned bytes, which {@link #bytes} can read. */
    public boolean holdsBytes() {
        return storage == UINT8;
    }

    /**
     * Fills {@code target} with the next values; the array must {@linkplain #holdsBytes hold bytes}.
     *
     * @throws IOException if the file ends too early or cannot be read
     */
    public void bytes(byte[] target) throws IOException {
        in.fill(target);
    }

    /**
     * Reads the next value. MATLAB stores even the values of a {@code double} array as small integers if no precision
     * is lost.
     *
     * @throws IOException if the file ends too early or cannot be read
     * @throws FileFormatException if the value is neither an integer of at most 32 bits nor a double
     */
    public double next() throws IOException {
        ByteBuffer value = in.number(size(storage));
        return switch (storage) {
            case INT8 -> value.get();
            case UINT8 -> Byte.toUnsignedInt(value.get());
            case INT16 -> value.getShort();
            case UINT16 -> Short.toUnsignedInt(value.getShort());
            case INT32 -> value.getInt();
            case UINT32 -> Integer.toUnsignedLong(value.getInt());
            default -> value.getDouble();
        };
    }

    /**
     * Returns the number of bytes per value of a storage type.
     *
     * @throws FileFormatException if the storage type is unsupported
     */
    static int size(int storage) throws FileFormatException {
        return switch (storage) {
            case INT8, UINT8 -> Byte.BYTES;
            case INT16, UINT16 -> Short.BYTES;
            case INT32, UINT32 -> Integer.BYTES;
            case DOUBLE -> Double.BYTES;
            default ->
                throw new FileFormatException("is a MAT-file with numbers of the unsupported storage type " + storage);
        };
    }
}
