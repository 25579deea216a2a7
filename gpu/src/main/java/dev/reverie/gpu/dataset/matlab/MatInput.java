package dev.reverie.gpu.dataset.matlab;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers of a MAT-file, in its byte order. Whatever ends too early throws {@link EOFException}. */
record MatInput(InputStream in, ByteOrder order) {

    /** A number of that many bytes, at the beginning of a buffer. */
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
