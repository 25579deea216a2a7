package dev.reverie.npz;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Unpacks the arrays of an archive in memory, up to a size. See {@link NpzArchive#unpack}. An instance is used once.
 */
final class NpzUnpacker {

    private static final int END_OF_DIRECTORY = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int ENTRIES = 10;

    private static final String PIPED = "was written to a pipe, so that its entries do not state their sizes: write it"
            + " to a file or a buffer first, or use numpy.savez_compressed";

    private static final int FLAGS_AT = 6;
    private static final int SIZE_FOLLOWS = 8;

    private final byte[] content;
    private final Set<String> wanted;
    private final boolean refusesOthers;
    private final int maxBytes;
    private final Map<String, NpyArray> arrays = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private int bytesLeft;
    private long bytesLeftToSkip;

    NpzUnpacker(byte[] content, Set<String> wanted, boolean refusesOthers, int maxBytes) {
        this.content = content;
        this.wanted = wanted;
        this.refusesOthers = refusesOthers;
        this.maxBytes = maxBytes;
        this.bytesLeft = maxBytes;
        this.bytesLeftToSkip = maxBytes;
    }

    Map<String, NpyArray> unpack() throws IOException {
        int entries = entries();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                take(entry.getName(), zip);
            }
        } catch (ZipException e) {
            throw wasPiped() ? new NpzException(PIPED) : e;
        }
        if (seen.size() != entries) {
            throw new NpzException("declares " + entries + " arrays but has " + seen.size()
                    + ": save the arrays again with numpy.savez");
        }
        return Map.copyOf(arrays);
    }

    /**
     * Reads the number of entries at the end of the archive. Without this check, a truncated archive would only seem to
     * lack optional arrays.
     */
    private int entries() throws NpzException {
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int end = content.length - END_BYTES;
        if (end < 0 || buffer.getInt(end) != END_OF_DIRECTORY) {
            throw new NpzException("is not an NPZ file, or is truncated: save the arrays with numpy.savez");
        }
        return Short.toUnsignedInt(buffer.getShort(end + ENTRIES));
    }

    /** Whether the first entry is not compressed, and its size follows its content, which only an index can resolve. */
    private boolean wasPiped() {
        ByteBuffer header = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        return (header.getShort(FLAGS_AT) & SIZE_FOLLOWS) != 0
                && header.getShort(FLAGS_AT + Short.BYTES) == ZipEntry.STORED;
    }

    private void take(String entry, ZipInputStream zip) throws IOException {
        boolean isArray = entry.endsWith(NpzArchive.SUFFIX);
        String name = isArray ? entry.substring(0, entry.length() - NpzArchive.SUFFIX.length()) : entry;
        boolean isWanted = isArray && wanted.contains(name);
        if (!isWanted && refusesOthers) {
            throw new NpzException("contains '" + entry + "': it may contain only the arrays " + new TreeSet<>(wanted));
        }
        if (!seen.add(entry)) {
            throw new NpzException("contains the array '" + name + "' more than once: save it once");
        }
        if (isWanted) {
            NpyArray array = read(name, zip);
            bytesLeft -= array.bytes();
            arrays.put(name, array);
        } else {
            skip(zip);
        }
    }

    private NpyArray read(String name, ZipInputStream zip) throws IOException {
        try {
            return NpyArray.readFrom(zip, bytesLeft);
        } catch (NpzException e) {
            throw e.about((e.isTooLarge() ? "is too large" : "cannot be read") + ": its array '" + name + "'");
        }
    }

    /** Skips an entry. A damaged archive could otherwise occupy the process for long. */
    private void skip(ZipInputStream zip) throws IOException {
        bytesLeftToSkip -= zip.skip(bytesLeftToSkip);
        if (zip.read() >= 0) {
            throw NpzException.tooLarge("has more than " + maxBytes + " bytes of other arrays");
        }
    }
}
