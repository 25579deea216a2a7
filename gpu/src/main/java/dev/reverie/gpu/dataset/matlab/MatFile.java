package dev.reverie.gpu.dataset.matlab;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Iterates over the arrays of a Level 5 MAT-file, compressed or not, in either byte order (<a
 * href="https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf">MAT-File Format</a>). Memory use does not
 * depend on declared sizes.
 */
public final class MatFile {

    private static final int BUFFER = 1 << 16;
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
        void accept(MatArray array) throws IOException, MatException;
    }

    /**
     * Passes every non-empty array of real numbers to {@code visitor}, and skips everything else in the file.
     *
     * @throws MatException if the file is not a Level 5 MAT-file, or is truncated or damaged; also if {@code visitor}
     *     throws this exception
     * @throws IOException if {@code file} throws it
     */
    public static void read(InputStream file, Visitor visitor) throws IOException, MatException {
        InputStream in = new BufferedInputStream(file, BUFFER);
        MatFile reader = new MatFile(MatHeader.read(in), visitor);
        try {
            while (!atEnd(in)) {
                reader.element(in);
            }
        } catch (EOFException _) {
            throw new MatException("is truncated: an array ends too early");
        } catch (ZipException _) {
            throw MatException.damaged("an array cannot be decompressed");
        }
    }

    private static boolean atEnd(InputStream in) throws IOException {
        in.mark(1);
        boolean end = in.read() < 0;
        in.reset();
        return end;
    }

    private void element(InputStream in) throws IOException, MatException {
        MatElementTag tag = MatElementTag.read(new MatInput(in, order));
        BoundedInputStream content = new BoundedInputStream(in, tag.length());
        switch (tag.type()) {
            case MATRIX -> array(new MatInput(content, order));
            case COMPRESSED -> compressed(content);
            default -> throw MatException.damaged("it has an element of type " + tag.type() + " among its arrays");
        }
        content.skipRest();
    }

    private void compressed(BoundedInputStream content) throws IOException, MatException {
        try (InputStream inflated = new BufferedInputStream(new InflaterInputStream(content), BUFFER)) {
            MatInput in = new MatInput(inflated, order);
            MatElementTag tag = MatElementTag.read(in);
            if (tag.type() != MATRIX) {
                throw MatException.damaged("it has a compressed element of type " + tag.type());
            }
            boolean read = array(new MatInput(new BoundedInputStream(inflated, tag.length()), order));
            if (read && inflated.read() >= 0) { // reading to the end also verifies the checksum
                throw MatException.damaged("there is more data after an array than declared");
            }
        }
    }

    /** Reads one array to its end; returns false if the array was skipped. */
    private boolean array(MatInput in) throws IOException, MatException {
        MatElementTag flagsTag = expect(in, UINT32, FLAGS_LENGTH);
        if (flagsTag.length() != FLAGS_LENGTH) {
            throw MatException.damaged("an array has no flags");
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
        MatElementTag data = MatElementTag.read(in);
        requireSize(name, dimensions, data);
        BoundedInputStream values = new BoundedInputStream(in.in(), data.length());
        visitor.accept(new MatArray(new MatInput(values, order), name, dimensions, data.type()));
        values.skipRest();
        in.skip(data.padding());
        return true;
    }

    private static List<Integer> dimensions(MatInput in) throws IOException, MatException {
        MatElementTag tag = expect(in, INT32, MAX_DIMENSIONS * Integer.BYTES);
        List<Integer> dimensions = new ArrayList<>();
        for (int i = 0; i < tag.length() / Integer.BYTES; i++) {
            int size = in.readInt();
            if (size < 0) {
                throw MatException.damaged("an array has the invalid size " + size);
            }
            dimensions.add(size);
        }
        in.skip(tag.length() % Integer.BYTES + tag.padding());
        return dimensions;
    }

    private static String name(MatInput in) throws IOException, MatException {
        MatElementTag tag = expect(in, INT8, LONGEST_NAME);
        byte[] name = new byte[(int) tag.length()];
        in.fill(name);
        in.skip(tag.padding());
        return new String(name, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "?");
    }

    private static MatElementTag expect(MatInput in, int type, int longest) throws IOException, MatException {
        MatElementTag tag = MatElementTag.read(in);
        if (tag.type() != type || tag.length() > longest) {
            throw MatException.damaged("an array has a malformed header");
        }
        return tag;
    }

    private static void requireSize(String name, List<Integer> dimensions, MatElementTag data) throws MatException {
        long bytes = MatArray.size(data.type());
        for (int size : dimensions) {
            bytes = bytes > data.length() ? bytes : bytes * size; // cannot overflow: at most 2^32 times 2^31
        }
        if (bytes != data.length()) {
            throw MatException.damaged(
                    "its array '" + name + "' has the dimensions " + dimensions + " but " + data.length() + " bytes");
        }
    }
}
