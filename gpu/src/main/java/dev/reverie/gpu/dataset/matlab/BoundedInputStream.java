package dev.reverie.gpu.dataset.matlab;

import java.io.IOException;
import java.io.InputStream;

/** Reads a limited number of bytes from another stream, which stays open. */
final class BoundedInputStream extends InputStream {

    private final InputStream in;
    private long left;

    BoundedInputStream(InputStream in, long length) {
        this.in = in;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        int next = left > 0 ? in.read() : -1;
        if (next >= 0) {
            left--;
        }
        return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0 && length > 0) {
            return -1;
        }
        int read = in.read(target, offset, (int) Math.min(length, left));
        left -= Math.max(0, read);
        return read;
    }

    /** Skips the remaining bytes. */
    void skipRest() throws IOException {
        in.skipNBytes(left);
        left = 0;
    }
}
