package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;

/**
 * Decodes the items of a NumPy array one by one.
 *
 * @param data the items, one after the other, in a little-endian buffer
 */
record NpyItems(NpyType type, ByteBuffer data) {

    /** Number of items. */
    int size() {
        return data.capacity() / type.itemSize();
    }

    /** Returns an item of a floating-point type. */
    double real(int item) {
        return type.itemSize() == Float.BYTES ? data.getFloat(item * Float.BYTES) : data.getDouble(item * Double.BYTES);
    }

    /** Returns an item of an integer type. An unsigned value of 2^63 or above becomes negative. */
    long integer(int item) {
        int at = item * type.itemSize();
        boolean unsigned = type.kind() == 'u';
        return switch (type.itemSize()) {
            case Byte.BYTES -> unsigned ? Byte.toUnsignedLong(data.get(at)) : data.get(at);
            case Short.BYTES -> unsigned ? Short.toUnsignedLong(data.getShort(at)) : data.getShort(at);
            case Integer.BYTES -> unsigned ? Integer.toUnsignedLong(data.getInt(at)) : data.getInt(at);
            default -> data.getLong(at);
        };
    }

    /** Returns an item of an integer type as decimal digits. */
    String digits(int item) {
        return type.kind() == 'u' ? Long.toUnsignedString(integer(item)) : Long.toString(integer(item));
    }

    /**
     * Returns an item of a text type, without the padding zeros at its end. Keeps other zeros.
     *
     * @throws NpyFormatException if the text is not valid Unicode
     */
    String text(int item) throws NpyFormatException {
        StringBuilder text = new StringBuilder();
        int start = item * type.itemSize();
        int end = start + type.itemSize();
        while (end > start && data.getInt(end - Integer.BYTES) == 0) {
            end -= Integer.BYTES;
        }
        for (int at = start; at < end; at += Integer.BYTES) {
            int codePoint = data.getInt(at);
            if (!Character.isValidCodePoint(codePoint) || Character.getType(codePoint) == Character.SURROGATE) {
                throw new NpyFormatException("has invalid Unicode at position " + item + ": correct the text");
            }
            text.appendCodePoint(codePoint);
        }
        return text.toString();
    }
}
