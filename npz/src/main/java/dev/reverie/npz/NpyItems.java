package dev.reverie.npz;

import java.nio.ByteBuffer;

/** The items of an array in memory, counted in row-major order. */
record NpyItems(NpyHeader header, ByteBuffer data) {

    NpyItems {
        data.order(header.type().order());
    }

    int count() {
        return data.capacity() / header.type().itemSize();
    }

    /** Returns the items of an array of bytes. The caller must not change them. */
    @SuppressWarnings("ByteBufferBackingArray") // the buffer wraps an array
    byte[] bytes() {
        if (!header.columnMajor()) {
            return data.array();
        }
        byte[] bytes = new byte[count()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = data.get(at(i));
        }
        return bytes;
    }

    double real(int item) {
        int at = at(item);
        return switch (header.type().itemSize()) {
            case Short.BYTES -> Float.float16ToFloat(data.getShort(at));
            case Float.BYTES -> data.getFloat(at);
            default -> data.getDouble(at);
        };
    }

    /** Returns an integer; an unsigned one of 2^63 or above becomes negative. */
    long integer(int item) {
        int at = at(item);
        boolean unsigned = header.type().isUnsigned();
        return switch (header.type().itemSize()) {
            case Byte.BYTES -> unsigned ? Byte.toUnsignedLong(data.get(at)) : data.get(at);
            case Short.BYTES -> unsigned ? Short.toUnsignedLong(data.getShort(at)) : data.getShort(at);
            case Integer.BYTES -> unsigned ? Integer.toUnsignedLong(data.getInt(at)) : data.getInt(at);
            default -> data.getLong(at);
        };
    }

    String text(int item) throws NpzException {
        StringBuilder text = new StringBuilder();
        int start = at(item);
        int end = start + header.type().itemSize();
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

    /** Returns where an item begins. */
    private int at(int item) {
        return (header.columnMajor() ? columnMajor(item) : item) * header.type().itemSize();
    }

    /** Returns the position of an item in an array whose first dimension varies fastest in memory. */
    private int columnMajor(int item) {
        int position = 0;
        int stride = count();
        int rest = item;
        for (int size : header.shape().reversed()) {
            stride /= size;
            position += rest % size * stride;
            rest /= size;
        }
        return position;
    }
}
