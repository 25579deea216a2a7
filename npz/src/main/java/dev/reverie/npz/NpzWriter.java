package dev.reverie.npz;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes arrays as the entries of an NPZ archive. Equal arrays give equal bytes. */
public final class NpzWriter {

    /**
     * The time of all entries. It is fixed, because the current time would make the files of equal content differ. It
     * is not 1 January, because the JDK takes that for an earlier time and adds a field that depends on the time zone.
     */
    public static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private final ZipOutputStream zip;
    private final int method;

    private NpzWriter(OutputStream out, int method) {
        this.zip = new ZipOutputStream(new LeftOpen(out));
        this.method = method;
    }

    /** Writes an archive with deflated entries to {@code out}, which stays open. */
    public static NpzWriter deflated(OutputStream out) {
        return new NpzWriter(out, ZipEntry.DEFLATED);
    }

    /** Writes an archive without compression to {@code out}, which stays open. */
    public static NpzWriter stored(OutputStream out) {
        return new NpzWriter(out, ZipEntry.STORED);
    }

    public void write(String name, NpyArray array) throws IOException {
        write(name, array.items().header(), List.of(array));
    }

    /**
     * Writes an array in parts, so that the whole is never held: the caller can create each when it is its turn.
     *
     * @param parts arrays of the type in row-major order, whose items follow each other; read twice if the archive is
     *     not compressed
     */
    public void write(String name, NpyType type, List<Integer> shape, Iterable<NpyArray> parts) throws IOException {
        write(name, new NpyHeader(type, shape), parts);
    }

    private void write(String name, NpyHeader header, Iterable<NpyArray> parts) throws IOException {
        ZipEntry entry = new ZipEntry(name + NpzArchive.SUFFIX);
        entry.setTimeLocal(ENTRY_TIME);
        entry.setMethod(method);
        if (method == ZipEntry.STORED) { // its entry precedes the data and contains their size and checksum
            CRC32 crc = new CRC32();
            writeTo(new CheckedOutputStream(OutputStream.nullOutputStream(), crc), header, parts);
            entry.setSize(header.toBytes().length + header.bytes());
            entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        writeTo(zip, header, parts);
        zip.closeEntry();
    }

    private static void writeTo(OutputStream out, NpyHeader header, Iterable<NpyArray> parts) throws IOException {
        out.write(header.toBytes());
        for (NpyArray part : parts) {
            part.writeData(out);
        }
    }

    public void finish() throws IOException {
        zip.close(); // unlike zip.finish(), it also frees the native memory of the deflater
    }

    /** Flushes the stream when it is closed, and leaves it open. */
    private static final class LeftOpen extends FilterOutputStream {

        LeftOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length); // the superclass writes single bytes
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
