package dev.reverie.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes arrays as an uncompressed NPZ file. Equal arrays give equal bytes. */
final class NpzWriter {

    /**
     * The time of all entries. It is fixed, because the current time would make the files of equal arrays differ. It is
     * not 1 January, because the JDK takes that for an earlier time and adds a field that depends on the time zone.
     */
    private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes);

    /** Writes unsigned bytes. */
    void writeLevels(String name, List<Integer> shape, byte[] levels) {
        write(name, header("|u1", shape), levels);
    }

    /** Writes one text per element. */
    void writeTexts(String name, List<String> texts) {
        int longest = texts.stream()
                .mapToInt(text -> text.codePointCount(0, text.length()))
                .max()
                .orElse(0);
        int width = Math.max(longest, 1); // NumPy has no texts of width 0
        ByteBuffer data =
                ByteBuffer.allocate(texts.size() * width * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < texts.size(); i++) {
            data.position(i * width * Integer.BYTES);
            texts.get(i).codePoints().forEach(data::putInt);
        }
        write(name, header("<U" + width, List.of(texts.size())), data.array());
    }

    /** Completes the file and returns its bytes. */
    byte[] finish() {
        try {
            zip.close(); // unlike zip.finish(), it also frees the native memory of the deflater
        } catch (IOException failure) {
            throw impossible(failure);
        }
        return bytes.toByteArray();
    }

    /** The data after a header begin at a multiple of 64 bytes. */
    private static byte[] header(String type, List<Integer> shape) {
        String dimensions = shape.stream().map(size -> size + ",").collect(Collectors.joining(" ", "(", ")"));
        String dictionary = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + dimensions + ", }";
        int head = MAGIC.length + Short.BYTES;
        int total = Math.ceilDiv(head + dictionary.length() + 1, ALIGNMENT) * ALIGNMENT;
        String padded = dictionary + " ".repeat(total - head - dictionary.length() - 1) + "\n";
        return ByteBuffer.allocate(total)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putShort((short) padded.length())
                .put(padded.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    private void write(String name, byte[] header, byte[] data) {
        CRC32 crc = new CRC32();
        crc.update(header);
        crc.update(data);
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setTimeLocal(ENTRY_TIME);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize((long) header.length + data.length);
        entry.setCrc(crc.getValue());
        try {
            zip.putNextEntry(entry);
            zip.write(header);
            zip.write(data);
            zip.closeEntry();
        } catch (IOException failure) {
            throw impossible(failure);
        }
    }

    private static IllegalStateException impossible(IOException failure) {
        return new IllegalStateException("writing to memory does not fail", failure);
    }
}
