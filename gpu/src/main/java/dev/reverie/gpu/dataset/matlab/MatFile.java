package dev.reverie.gpu.dataset.matlab;

import dev.reverie.gpu.dataset.FileFormatException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.apache.commons.io.input.BoundedInputStream;

/**
 * Iterates over the arrays of a Level 5 MAT-file, compressed or not, in either byte order (<a
 * href="https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf">MAT-File Format</a>). Memory use does not
 * depend on declared sizes.
 */
public final class MatFile {

    private static final int BUFFER = 1 << 16;
    private static final int HEADER_LENGTH = 128;
    private static final int VERSION_AT = 124;
    private static final int LEVEL_5 = 0x0100;
    private static final int LEVEL_7_3 = 0x0200;
    private static final String HDF5 = "\u0089HDF";
    private static final String LITTLE_ENDIAN = "IM";
    private static final String BIG_ENDIAN = "MI";
    private static final int INT8 = 1;
    private static final int INT32 = 5;
    private static final int UINT32 = 6;
    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;
    private static final int FLAGS_LENGTH = 8;
    private static final int CLASS_MASK = 0xff;
    private static final int COMPLEX = 0x0800;
    private static final int FIRST_NUMERIC_CLASS = 6;
    private static final int LAST_NUMERIC_CLASS = 15;
    private static final int MAX_DIMENSIONS = 8;
    private static final int LONGEST_NAME = 64;

    private final ByteOrder order;
    private final Visitor visitor;

    private MatFile(ByteOrder order, Visitor visitor) {
        this.order = order;
        this.visitor = visitor;
    }

    /** Receives the arrays in file order. */
    @FunctionalInterface
    public interface Visitor {

        /** Processes an array; may read any number of its values, but only before it returns. */
        void accept(MatArray array) throws IOException;
    }

    /**
     * Passes every non-empty array of real numbers to {@code visitor}, and skips everything else in the file.
     *
     * @throws FileFormatException if the file is not a Level 5 MAT-file, or is truncated or damaged; also if
     *     {@code visitor} throws this exception
     * @throws IOException if {@code file} throws it
     */
    public static void read(InputStream file, Visitor visitor) throws IOException {
        InputStream in = new BufferedInputStream(file, BUFFER);
        MatFile reader = new MatFile(byteOrder(in), visitor);
        try {
            while (!atEnd(in)) {
                reader.element(in);
            }
        } catch (EOFException _) {
            throw new FileFormatException("is truncated: an array ends too early");
        } catch (ZipException _) {
            throw damaged("an array cannot be decompressed");
        }
    }

    /** Reads the header, and returns the byte order of the rest of the file. */
    private static ByteOrder byteOrder(InputStream in) throws IOException {
        byte[] header = in.readNBytes(HEADER_LENGTH);
        String text = new String(header, StandardCharsets.ISO_8859_1);
        if (text.startsWith(HDF5)) {
            throw otherLevel("7.3 (HDF5)");
        }
        String mark = header.length < HEADER_LENGTH ? "" : text.substring(VERSION_AT + Short.BYTES);
        if (!mark.equals(LITTLE_ENDIAN) && !mark.equals(BIG_ENDIAN)) {
            throw new FileFormatException("is not a MAT-file of level 5");
        }
        ByteOrder order = mark.equals(LITTLE_ENDIAN) ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        int version = Short.toUnsignedInt(ByteBuffer.wrap(header).order(order).getShort(VERSION_AT));
        if (version != LEVEL_5) {
            throw otherLevel(version == LEVEL_7_3 ? "7.3 (HDF5)" : "0x%04x".formatted(version));
        }
        return order;
    }

    private static FileFormatException otherLevel(String level) {
        return new FileFormatException("is a MAT-file of level " + level + ", but only level 5 is supported");
    }

    private static boolean atEnd(InputStream in) throws IOException {
        in.mark(1);
        boolean end = in.read() < 0;
        in.reset();
        return end;
    }

    private void element(InputStream in) throws IOException {
        MatInput file = new MatInput(in, order);
        MatInput.Tag tag = file.tag();
        BoundedInputStream content = file.part(tag.length());
        switch (tag.type()) {
            case MATRIX -> array(new MatInput(content, order));
            case COMPRESSED -> compressed(content);
            default -> throw damaged("it has an element of type " + tag.type() + " among its arrays");
        }
        in.skipNBytes(content.getRemaining());
    }

    private void compressed(BoundedInputStream content) throws IOException {
        try (InputStream inflated = new BufferedInputStream(new InflaterInputStream(content), BUFFER)) {
            MatInput in = new MatInput(inflated, order);
            MatInput.Tag tag = in.tag();
            if (tag.type() != MATRIX) {
                throw damaged("it has a compressed element of type " + tag.type());
            }
            boolean read = array(new MatInput(in.part(tag.length()), order));
            if (read && inflated.read() >= 0) { // reading to the end also verifies the checksum
                throw damaged("there is more data after an array than declared");
            }
        }
    }

    /** Reads one array to its end; returns false if the array was skipped. */
    private boolean array(MatInput in) throws IOException {
        MatInput.Tag flagsTag = expect(in, UINT32, FLAGS_LENGTH);
        if (flagsTag.length() != FLAGS_LENGTH) {
            throw damaged("an array has no flags");
        }
        int flags = in.readInt();
        in.readInt();
        List<Integer> dimensions = dimensions(in);
        String name = name(in);
        int kind = flags & CLASS_MASK;
        boolean numeric = kind >= FIRST_NUMERIC_CLASS && kind <= LAST_NUMERIC_CLASS && (flags & COMPLEX) == 0;
        if (!numeric || dimensions.contains(0)) {
            return false;
        }
        MatInput.Tag data = in.tag();
        requireSize(name, dimensions, data);
        BoundedInputStream values = in.part(data.length());
        visitor.accept(new MatArray(new MatInput(values, order), name, dimensions, data.type()));
        in.in().skipNBytes(values.getRemaining() + data.padding());
        return true;
    }

    private static List<Integer> dimensions(MatInput in) throws IOException {
        MatInput.Tag tag = expect(in, INT32, MAX_DIMENSIONS * Integer.BYTES);
        List<Integer> dimensions = new ArrayList<>();
        for (int i = 0; i < tag.length() / Integer.BYTES; i++) {
            int size = in.readInt();
            if (size < 0) {
                throw damaged("an array has the invalid size " + size);
            }
            dimensions.add(size);
        }
        in.in().skipNBytes(tag.length() % Integer.BYTES + tag.padding());
        return dimensions;
    }

    private static String name(MatInput in) throws IOException {
        MatInput.Tag tag = expect(in, INT8, LONGEST_NAME);
        byte[] name = new byte[(int) tag.length()];
        in.fill(name);
        in.in().skipNBytes(tag.padding());
        return new String(name, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "?");
    }

    private static MatInput.Tag expect(MatInput in, int type, int longest) throws IOException {
        MatInput.Tag tag = in.tag();
        if (tag.type() != type || tag.length() > longest) {
            throw damaged("an array has a malformed header");
        }
        return tag;
    }

    private static void requireSize(String name, List<Integer> dimensions, MatInput.Tag data)
            throws FileFormatException {
        long bytes = MatArray.size(data.type());
        for (int size : dimensions) {
            bytes = bytes > data.length() ? bytes : bytes * size; // cannot overflow: at most 2^32 times 2^31
        }
        if (bytes != data.length()) {
            throw damaged(
                    "its array '" + name + "' has the dimensions " + dimensions + " but " + data.length() + " bytes");
        }
    }

    static FileFormatException damaged(String what) {
        return new FileFormatException("is a damaged MAT-file: " + what);
    }
}
