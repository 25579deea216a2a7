package dev.reverie.npz;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The header of an {@code .npy} stream: magic bytes, version, and a Python dictionary of dtype, memory order and shape.
 *
 * @param columnMajor whether the first dimension varies fastest in memory (Fortran order), and not the last
 * @param shape sizes of the dimensions; empty for a scalar
 */
record NpyHeader(NpyType type, boolean columnMajor, List<Integer> shape) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final int LENGTH_BYTES_1 = 2;
    private static final int LENGTH_BYTES_2 = 4;
    private static final long MAX_DICTIONARY = 1 << 16;
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");
    private static final Pattern DIMENSION = Pattern.compile("\\d+");

    NpyHeader {
        shape = List.copyOf(shape);
    }

    /** Creates the header of an array in row-major order. */
    NpyHeader(NpyType type, List<Integer> shape) {
        this(type, false, shape);
    }

    /** Size of the data that follow, in bytes. */
    long bytes() {
        return shape.stream().mapToLong(Integer::longValue).reduce(type.itemSize(), Math::multiplyExact);
    }

    /** Encodes the header in version 1.0, padded with blanks so that the data begins at a multiple of 64 bytes. */
    byte[] toBytes() {
        String dimensions = shape.stream().map(size -> size + ",").collect(Collectors.joining(" ", "(", ")"));
        String order = columnMajor ? "True" : "False";
        String dictionary = "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + dimensions + ", }";
        int head = MAGIC.length + 2 + LENGTH_BYTES_1;
        int total = Math.ceilDiv(head + dictionary.length() + 1, ALIGNMENT) * ALIGNMENT;
        String padded = dictionary + " ".repeat(total - head - dictionary.length() - 1) + "\n";
        return ByteBuffer.allocate(total)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) padded.length())
                .put(padded.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    /** Reads a header of version 1, 2 or 3. */
    static NpyHeader readFrom(InputStream in) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new NpzException("is not a NumPy array: save it with numpy.savez");
        }
        int version = start[MAGIC.length];
        if (version < 1 || version > 3) {
            throw new NpzException("has the unknown format version " + version + ": save it with numpy.savez");
        }
        long length = littleEndian(in.readNBytes(version == 1 ? LENGTH_BYTES_1 : LENGTH_BYTES_2));
        if (length > MAX_DICTIONARY) {
            throw new NpzException("has an invalid header of " + length + " bytes: save it again with numpy.savez");
        }
        byte[] text = in.readNBytes((int) length);
        if (text.length < length) {
            throw new NpzException("is truncated: save it again with numpy.savez");
        }
        return parse(new String(text, StandardCharsets.UTF_8));
    }

    private static NpyHeader parse(String dictionary) throws NpzException {
        Matcher type = TYPE.matcher(dictionary);
        Matcher order = ORDER.matcher(dictionary);
        Matcher shape = SHAPE.matcher(dictionary);
        if (!type.find() || !order.find() || !shape.find()) {
            throw new NpzException("has a malformed header: save it again with numpy.savez");
        }
        try {
            NpyHeader header = new NpyHeader(
                    NpyType.parse(type.group(1)),
                    order.group(1).equals("True"),
                    DIMENSION
                            .matcher(shape.group(1))
                            .results()
                            .map(dimension -> Integer.valueOf(dimension.group()))
                            .toList());
            header.bytes();
            return header;
        } catch (ArithmeticException | NumberFormatException _) {
            throw new NpzException("has the invalid shape (" + shape.group(1) + "): save it again with numpy.savez");
        }
    }

    private static long littleEndian(byte[] bytes) {
        long value = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            value = value << Byte.SIZE | Byte.toUnsignedLong(bytes[i]);
        }
        return value;
    }
}
