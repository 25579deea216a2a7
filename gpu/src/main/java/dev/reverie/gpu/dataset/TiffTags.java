package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tags in the first directory of a TIFF file, or of EXIF data, which have the same form.
 *
 * @param numbers the tags with one 16-bit number, by their codes
 * @param isWhole whether the values of all tags are there
 */
record TiffTags(Map<Integer, Integer> numbers, boolean isWhole) {

    static final int COMPRESSION = 0x0103;
    static final int ORIENTATION = 0x0112;

    private static final short LITTLE_ENDIAN = 0x4949;
    private static final short BIG_ENDIAN = 0x4d4d;
    private static final int HEADER = 8;
    private static final int VERSION = 42;
    private static final int ENTRY = 12;
    private static final int TYPE_SHORT = 3;

    /** The size of a value by its type, 1 to 12; other types are ignored. */
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};

    /** Reads the tags. Reads each byte at most once, whatever the data say. */
    static Optional<TiffTags> in(ByteBuffer tiff) {
        if (tiff.remaining() < HEADER) {
            return Optional.empty();
        }
        short order = tiff.getShort();
        if (order != LITTLE_ENDIAN && order != BIG_ENDIAN) {
            return Optional.empty();
        }
        tiff.order(order == LITTLE_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        return tiff.getShort() == VERSION ? inDirectory(tiff, tiff.getInt()) : Optional.empty();
    }

    private static Optional<TiffTags> inDirectory(ByteBuffer tiff, int offset) {
        if (offset < HEADER || offset > tiff.limit() - Short.BYTES) {
            return Optional.empty();
        }
        tiff.position(offset);
        int entries = Short.toUnsignedInt(tiff.getShort());
        boolean whole = (long) entries * ENTRY <= tiff.remaining();
        Map<Integer, Integer> numbers = new HashMap<>();
        for (int i = 0; i < entries && tiff.remaining() >= ENTRY; i++) {
            ByteBuffer entry = tiff.slice(tiff.position(), ENTRY).order(tiff.order());
            tiff.position(tiff.position() + ENTRY);
            int tag = Short.toUnsignedInt(entry.getShort());
            int type = Short.toUnsignedInt(entry.getShort());
            long count = Integer.toUnsignedLong(entry.getInt());
            if (type == TYPE_SHORT && count == 1) {
                numbers.putIfAbsent(tag, Short.toUnsignedInt(entry.getShort()));
            } else if (type < TYPE_BYTES.length && count * TYPE_BYTES[type] > Integer.BYTES) {
                whole &= Integer.toUnsignedLong(entry.getInt()) + count * TYPE_BYTES[type] <= tiff.limit();
            }
        }
        return Optional.of(new TiffTags(numbers, whole));
    }
}
