package dev.reverie.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The arrays of an NPZ file, stored or deflated, without the stored images of a memory. Arrays that nobody asks for can
 * have any format.
 */
final class NpzReader {

    /**
     * Maximum size of the kept arrays, and of the skipped ones, in bytes; a damaged file could otherwise fill the
     * memory of the process, or occupy it for long.
     */
    private static final int MAX_BYTES = 1 << 30;

    private static final String SUFFIX = ".npy";

    /** The stored images of a memory, which a client has no use for. */
    private static final Set<String> STORED = Set.of("parameters.npy", "parameter_labels.npy");

    private final Map<String, byte[]> arrays;

    private NpzReader(Map<String, byte[]> arrays) {
        this.arrays = arrays;
    }

    /**
     * Reads a file.
     *
     * @throws NpzException if the file is damaged, or its stored images or its other arrays have more than 1 GiB
     */
    static NpzReader read(byte[] file) throws NpzException {
        return read(file, MAX_BYTES);
    }

    static NpzReader read(byte[] file, int maxBytes) throws NpzException {
        Map<String, byte[]> arrays = new HashMap<>();
        int left = maxBytes;
        long leftToSkip = maxBytes;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                if (STORED.contains(name)) {
                    leftToSkip -= zip.skip(leftToSkip);
                } else {
                    byte[] content = zip.readNBytes(left);
                    left -= content.length;
                    if (name.endsWith(SUFFIX)) {
                        arrays.put(name.substring(0, name.length() - SUFFIX.length()), content);
                    }
                }
                if (zip.read() >= 0) {
                    throw new NpzException("it has more than " + maxBytes + " bytes");
                }
            }
        } catch (NpzException failure) {
            throw failure;
        } catch (IOException | IllegalArgumentException failure) {
            throw new NpzException("it is damaged", failure);
        }
        if (arrays.isEmpty()) {
            throw new NpzException("it is not an NPZ file");
        }
        return new NpzReader(arrays);
    }

    /**
     * Returns an array; empty if the file has none of this name.
     *
     * @throws NpzException if the array is damaged, or of an unknown format
     */
    Optional<NpyArray> find(String name) throws NpzException {
        byte[] content = arrays.get(name);
        return content == null ? Optional.empty() : Optional.of(NpyArray.read(name, content));
    }

    /**
     * Returns an array.
     *
     * @throws NpzException as for {@link #find}, and if the file has no array of this name
     */
    NpyArray get(String name) throws NpzException {
        return find(name).orElseThrow(() -> new NpzException("it has no array '" + name + "'"));
    }
}
