package dev.reverie.gpu.dataset.matlab;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.commons.io.input.BoundedInputStream;

/**
 * Reads the numbers in a MAT-file in the file's byte order. Throws {@link EOFException} if the input ends too early.
 */
record MatInput(InputStream in, ByteOrder order) {

    private static final int SMALL = Integer.BYTES;
    private static final int ALIGNMENT = 8;

    /**
     * The tag before each element of a MAT-file.
     *
     * @param type storage type of the element's values
     * @param length length of the element's values, in bytes
     * @param padding number of bytes from the end of the values to the next element
     */
    record Tag(int type, long length, int padding) {}

    /** Reads a tag. If the values take at most four bytes, they can be the second half of their tag. */
    Tag tag() throws IOException {
        int first = readInt();
        int smallLength = first >>> Short.SIZE;
        if (smallLength == 0) {
            long length = Integer.toUnsignedLong(readInt());
            return new Tag(first, length, (int) ((ALIGNMENT - length % ALIGNMENT) % ALIGNMENT));
        }
        if (smallLength > SMALL) {
            throw MatFile.damaged("it has a compact element of " + smallLength + " bytes");
        }
        return new Tag(first & 0xffff, smallLength, SMALL - smallLength);
    }

    /** Returns the part of the input that has the given length, and which is read on its own. */
    BoundedInputStream part(long length) throws IOException {
        return BoundedInputStream.builder()
                .setInputStream(in)
                .setMaxCount(length)
                .setPropagateClose(false)
                .get();
    }

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
}
