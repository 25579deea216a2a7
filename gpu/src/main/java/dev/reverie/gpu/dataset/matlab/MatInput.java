package dev.reverie.gpu.dataset.matlab;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the numbers in a MAT-file in the file's byte order. Throws {@link EOFException} if the input ends too early.
 */
record MatInput(InputStream in, ByteOrder order) {

    /** Reads a number of {@code bytes} bytes and returns it in a buffer. */
    ByteBuffer number(int bytes) throws IOException {
        byte[] content = new byte[bytes];
        fill(content);
        return ByteBuffer.wrap(content).order(order);
    }

    int readInt() throws IOException {
        return number(Integer.BYTES).getInt();
    }

    void fill(byte[] target) throws IOException {
        if (in.readNBytes(target, 0, target.length) < target.length) {
            throw new EOFException();
        }
    }

    void skip(long bytes) throws IOException {
        in.skipNBytes(bytes);
    }
}
