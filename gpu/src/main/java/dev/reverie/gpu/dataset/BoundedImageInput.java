package dev.reverie.gpu.dataset;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * The bytes of a picture, of which a reader may read each several times, but not without end: the directory of a TIFF
 * can refer to the same megabytes tens of thousands of times.
 */
final class BoundedImageInput extends ImageInputStreamImpl {

    /** More than a reader needs that reads a file bit by bit, and its header several times. */
    private static final long READS_OF_A_BYTE = 16;

    private static final long READS_OF_ANY_FILE = 1 << 20;

    private final byte[] content;
    private long left;

    BoundedImageInput(byte[] content) {
        this.content = content;
        this.left = READS_OF_A_BYTE * content.length + READS_OF_ANY_FILE;
    }

    @Override
    public long length() {
        return content.length;
    }

    @Override
    public int read() throws IOException {
        bitOffset = 0;
        spend(1);
        return streamPos < content.length ? Byte.toUnsignedInt(content[(int) streamPos++]) : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        bitOffset = 0;
        int count = (int) Math.min(length, content.length - streamPos);
        if (count <= 0) {
            return length == 0 ? 0 : -1;
        }
        spend(count);
        System.arraycopy(content, (int) streamPos, bytes, offset, count);
        streamPos += count;
        return count;
    }

    private void spend(int bytes) throws IOException {
        left -= bytes;
        if (left < 0) {
            throw new IOException("the same bytes are read again and again");
        }
    }
}
