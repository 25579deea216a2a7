package dev.reverie.streams.http;

import java.util.Arrays;

/**
 * Collects the bytes of a body in one array, which is at most twice as large as the bytes that have arrived: a client
 * can announce a large body and send little of it. Not thread safe.
 */
final class BodyBuffer {

    private final int expected;
    private byte[] bytes = new byte[0];
    private int count;

    /**
     * Creates an empty buffer.
     *
     * @param expected announced number of bytes, or the maximum if none was announced
     */
    BodyBuffer(int expected) {
        this.expected = expected;
    }

    void add(byte[] chunk) {
        int needed = count + chunk.length;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(expected, 2L * needed)));
        }
        System.arraycopy(chunk, 0, bytes, count, chunk.length);
        count = needed;
    }

    /** Returns the size of the array that holds the bytes. */
    int capacity() {
        return bytes.length;
    }

    /** Returns the bytes, without copying them if as many as expected have arrived. */
    byte[] toBytes() {
        return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
    }
}
