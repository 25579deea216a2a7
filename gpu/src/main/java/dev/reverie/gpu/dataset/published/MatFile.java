package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.FileFormatException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.apache.commons.io.EndianUtils;
import org.apache.commons.io.input.BoundedInputStream;

/**
 * Reads the arrays of unsigned bytes in a MAT-file of level 5, compressed or not, in the byte order in which SVHN is
 * published (<a href="https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf">MAT-File Format</a>). Memory
 * use does not depend on declared sizes.
 *
 * <p>Reverie has its own reader because the one on Maven Central (MFL) allocates as much memory as the header declares,
 * copies each array, and uses {@code sun.misc.Unsafe}.
 */
final class MatFile {

    private static final int BUFFER = 1 << 16;
    private static final int HEADER = 128;

    /** The end of the header: version 1, little-endian. */
    private static final byte[] LEVEL_5 = HexFormat.of().parseHex("0001494d");

    private static final int ALIGNMENT = 8;
    private static final int INT8 = 1;
    private static final int UINT8 = 2;
    private static final int INT32 = 5;
    private static final int UINT32 = 6;
    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;
    private static final int MAX_DIMENSIONS = 8;
    private static final int LONGEST_NAME = 64;

    private MatFile() {}

    @FunctionalInterface
    interface Visitor {

        /**
         * Processes an array.
         *
         * @param dimensions the first dimension varies fastest
         * @param values as many bytes as the dimensions say; need not be read to the end
         */
        void accept(String name, List<Integer> dimensions, InputStream values) throws IOException;
    }

    /** Passes every array of unsigned bytes to {@code visitor}, and skips everything else in the file. */
    static void read(InputStream file, Visitor visitor) throws IOException {
        InputStream in = new BufferedInputStream(file, BUFFER);
        byte[] header = in.readNBytes(HEADER);
        int mark = HEADER - LEVEL_5.length;
        if (header.length < HEADER || !Arrays.equals(header, mark, HEADER, LEVEL_5, 0, LEVEL_5.length)) {
            throw new FileFormatException("is not a MAT-file of level 5, little-endian");
        }
        try {
            while (!atEnd(in)) {
                element(in, visitor);
            }
        } catch (EOFException _) {
            throw new FileFormatException("is truncated: an array ends too early");
        } catch (ZipException _) {
            throw damaged("an array cannot be decompressed");
        }
    }

    private static boolean atEnd(InputStream in) throws IOException {
        in.mark(1);
        boolean end = in.read() < 0;
        in.reset();
        return end;
    }

    private static void element(InputStream in, Visitor visitor) throws IOException {
        Tag tag = Tag.read(in);
        BoundedInputStream content = tag.content(in);
        switch (tag.type()) {
            case MATRIX -> array(content, visitor);
            case COMPRESSED -> compressed(content, visitor);
            default -> throw damaged("it has an element of type " + tag.type() + " among its arrays");
        }
        in.skipNBytes(content.getRemaining());
    }

    private static void compressed(InputStream content, Visitor visitor) throws IOException {
        try (InputStream inflated = new BufferedInputStream(new InflaterInputStream(content), BUFFER)) {
            Tag tag = Tag.read(inflated);
            if (tag.type() != MATRIX) {
                throw damaged("it has a compressed element of type " + tag.type());
            }
            BoundedInputStream array = tag.content(inflated);
            array(array, visitor);
            inflated.skipNBytes(array.getRemaining());
            if (inflated.read() >= 0) { // reading to the end also verifies the checksum
                throw damaged("there is more data after an array than declared");
            }
        }
    }

    private static void array(InputStream in, Visitor visitor) throws IOException {
        Tag flags = Tag.expect(in, UINT32, ALIGNMENT); // among them the type that the values have in MATLAB
        in.skipNBytes(flags.length() + flags.padding());
        List<Integer> dimensions = dimensions(in);
        String name = name(in);
        if (dimensions.contains(0)) {
            return;
        }
        Tag values = Tag.read(in);
        if (values.type() == UINT8) {
            requireSize(name, dimensions, values);
            visitor.accept(name, dimensions, values.content(in));
        }
    }

    private static List<Integer> dimensions(InputStream in) throws IOException {
        Tag tag = Tag.expect(in, INT32, MAX_DIMENSIONS * Integer.BYTES);
        BoundedInputStream content = tag.content(in);
        List<Integer> dimensions = new ArrayList<>();
        for (int i = 0; i < tag.length() / Integer.BYTES; i++) {
            int size = EndianUtils.readSwappedInteger(content);
            if (size < 0) {
                throw damaged("an array has the invalid size " + size);
            }
            dimensions.add(size);
        }
        in.skipNBytes(content.getRemaining() + tag.padding());
        return dimensions;
    }

    private static String name(InputStream in) throws IOException {
        Tag tag = Tag.expect(in, INT8, LONGEST_NAME);
        byte[] name = in.readNBytes((int) tag.length());
        in.skipNBytes(tag.padding());
        return new String(name, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "?");
    }

    private static void requireSize(String name, List<Integer> dimensions, Tag values) throws FileFormatException {
        long size = 1;
        for (int dimension : dimensions) {
            size = size > values.length() ? size : size * dimension; // cannot overflow: at most 2^32 times 2^31
        }
        if (size != values.length()) {
            throw damaged(
                    "its array '" + name + "' has the dimensions " + dimensions + " but " + values.length() + " bytes");
        }
    }

    private static FileFormatException damaged(String what) {
        return new FileFormatException("is a damaged MAT-file: " + what);
    }

    /**
     * The tag before each element of a MAT-file.
     *
     * @param padding number of bytes from the end of the values to the next element
     */
    private record Tag(int type, long length, int padding) {

        /** Reads a tag. If the values take at most four bytes, they can be the second half of their tag. */
        static Tag read(InputStream in) throws IOException {
            int first = EndianUtils.readSwappedInteger(in);
            int smallLength = first >>> Short.SIZE;
            if (smallLength == 0) {
                long length = EndianUtils.readSwappedUnsignedInteger(in);
                return new Tag(first, length, (int) ((ALIGNMENT - length % ALIGNMENT) % ALIGNMENT));
            }
            if (smallLength > Integer.BYTES) {
                throw damaged("it has a compact element of " + smallLength + " bytes");
            }
            return new Tag(first & 0xffff, smallLength, Integer.BYTES - smallLength);
        }

        static Tag expect(InputStream in, int type, int longest) throws IOException {
            Tag tag = read(in);
            if (tag.type != type || tag.length > longest) {
                throw damaged("an array has a malformed header");
            }
            return tag;
        }

        /** Returns the values, which are read on their own. */
        BoundedInputStream content(InputStream in) throws IOException {
            return BoundedInputStream.builder()
                    .setInputStream(in)
                    .setMaxCount(length)
                    .setPropagateClose(false)
                    .get();
        }
    }
}
