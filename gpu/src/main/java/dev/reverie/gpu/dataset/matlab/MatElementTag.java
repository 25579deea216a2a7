package dev.reverie.gpu.dataset.matlab;

import java.io.IOException;

/**
 * The tag before each element of a MAT-file.
 *
 * @param type storage type of the element's values
 * @param length length of the element's values, in bytes
 * @param small whether the first four bytes of the tag hold both the type and the length, and the last four bytes hold
 *     the values
 */
record MatElementTag(int type, long length, boolean small) {

    private static final int SMALL = Integer.BYTES;
    private static final int ALIGNMENT = 8;

    static MatElementTag read(MatInput in) throws IOException, MatException {
        int first = in.readInt();
        int smallLength = first >>> Short.SIZE;
        if (smallLength == 0) {
            return new MatElementTag(first, Integer.toUnsignedLong(in.readInt()), false);
        }
        if (smallLength > SMALL) {
            throw MatException.damaged("it has a compact element of " + smallLength + " bytes");
        }
        return new MatElementTag(first & 0xffff, smallLength, true);
    }

    /** Returns the number of bytes from the end of the values to the next element. */
    int padding() {
        return small ? (int) (SMALL - length) : (int) ((ALIGNMENT - length % ALIGNMENT) % ALIGNMENT);
    }
}
