package dev.reverie.gpu.dataset;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * The arrays of an NPZ archive in memory. An archive is refused if it contains unknown arrays, or if its arrays exceed
 * a size limit.
 */
final class InMemoryNpz implements NpzArchive.Arrays {

    private static final String SUFFIX = ".npy";
    private static final int END_OF_DIRECTORY = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int ENTRIES = 10;

    private static final String PIPED = "was written to a pipe, so that its entries do not state their sizes: write it"
            + " to a file or a buffer first, or use numpy.savez_compressed";

    private static final int FLAGS_AT = 6;
    private static final int SIZE_FOLLOWS = 8;

    private final Set<String> known;
    private final Map<String, NpyArray> arrays = new HashMap<>();
    private int bytesLeft;

    private InMemoryNpz(Set<String> known, int maxBytes) {
        this.known = known;
        this.bytesLeft = maxBytes;
    }

    /** See {@link NpzArchive#unpack}. */
    static InMemoryNpz of(byte[] content, Set<String> known, int maxBytes) throws IOException {
        int entries = entries(content);
        InMemoryNpz unpacked = new InMemoryNpz(known, maxBytes);
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                unpacked.add(entry.getName(), zip);
            }
        } catch (ZipException e) {
            throw wasPiped(content) ? new NpyFormatException(PIPED) : e;
        }
        if (unpacked.arrays.size() != entries) {
            throw new NpyFormatException("declares " + entries + " arrays but has " + unpacked.arrays.size()
                    + ": save the arrays again with numpy.savez");
        }
        return unpacked;
    }

    /**
     * Reads the number of entries at the end of the archive. Without this check, a truncated archive would only seem to
     * lack optional arrays.
     */
    private static int entries(byte[] content) throws NpyFormatException {
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int end = content.length - END_BYTES;
        if (end < 0 || buffer.getInt(end) != END_OF_DIRECTORY) {
            throw new NpyFormatException("is not an NPZ file, or is truncated: save the arrays with numpy.savez");
        }
        return Short.toUnsignedInt(buffer.getShort(end + ENTRIES));
    }

    /** Whether the first entry is not compressed, and its size follows its content, which only an index can resolve. */
    private static boolean wasPiped(byte[] content) {
        ByteBuffer header = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        return (header.getShort(FLAGS_AT) & SIZE_FOLLOWS) != 0
                && header.getShort(FLAGS_AT + Short.BYTES) == ZipEntry.STORED;
    }

    private void add(String entry, ZipInputStream zip) throws IOException {
        String name = entry.endsWith(SUFFIX) ? entry.substring(0, entry.length() - SUFFIX.length()) : entry;
        if (!entry.endsWith(SUFFIX) || !known.contains(name)) {
            throw new NpyFormatException(
                    "contains '" + entry + "': it may contain only the arrays " + new TreeSet<>(known));
        }
        if (arrays.containsKey(name)) {
            throw new NpyFormatException("contains the array '" + name + "' more than once: save it once");
        }
        NpyArray array = read(name, zip);
        bytesLeft -= array.bytes();
        arrays.put(name, array);
    }

    private NpyArray read(String name, ZipInputStream zip) throws IOException {
        try {
            return NpyArray.readFrom(zip, bytesLeft);
        } catch (NpyTooLargeException e) {
            throw new NpyTooLargeException("is too large: its array '" + name + "' " + e.getMessage());
        } catch (NpyFormatException e) {
            throw new NpyFormatException("cannot be read: its array '" + name + "' " + e.getMessage());
        }
    }

    @Override
    public Optional<NpyArray> find(String array) {
        return Optional.ofNullable(arrays.get(array));
    }

    @Override
    public void close() {
        // no resources to release
    }
}
