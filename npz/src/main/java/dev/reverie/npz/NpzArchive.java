package dev.reverie.npz;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** An archive of arrays, in a file or in memory. Checksums are verified. */
public final class NpzArchive implements Closeable {

    /** Maximum uncompressed size of an array in a file, in bytes. */
    public static final int MAX_BYTES = 1 << 29;

    /** What follows the name of an array in the name of its entry. */
    public static final String SUFFIX = ".npy";

    private final String name;
    private final Arrays arrays;
    private final Closeable file;

    private NpzArchive(String name, Arrays arrays, Closeable file) {
        this.name = name;
        this.arrays = arrays;
        this.file = file;
    }

    private interface Arrays {
        Optional<NpyArray> find(String array) throws IOException;
    }

    @FunctionalInterface
    public interface Reading<T> {
        T from(NpyArray array) throws IOException;
    }

    /**
     * Opens the archive in a file, from which arrays are read on demand.
     *
     * @throws ZipException if the file is not a zip, or is truncated
     */
    public static NpzArchive open(Path file) throws IOException {
        ZipFile zip = new ZipFile(file.toFile());
        return new NpzArchive(file.toString(), array -> find(array, zip), zip);
    }

    private static Optional<NpyArray> find(String array, ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(array + SUFFIX);
        if (entry == null) {
            return Optional.empty();
        }
        CRC32 crc = new CRC32();
        try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), crc)) {
            NpyArray found = NpyArray.readFrom(in, MAX_BYTES);
            if (crc.getValue() != entry.getCrc()) { // ZipFile, unlike ZipInputStream, does not verify it
                throw new NpzException("is damaged: its checksum does not match; save it again");
            }
            return Optional.of(found);
        }
    }

    /** Returns arrays as an archive in memory. */
    public static NpzArchive of(String name, Map<String, NpyArray> arrays) {
        return new NpzArchive(name, array -> Optional.ofNullable(arrays.get(array)), () -> {});
    }

    /**
     * Unpacks an archive that may contain the {@code known} arrays and no others.
     *
     * @param maxBytes maximum uncompressed size of all arrays together
     * @throws NpzException if the arrays exceed {@code maxBytes}, or the content is not an archive of arrays, is
     *     truncated or damaged, or contains other entries
     */
    public static NpzArchive unpack(byte[] content, String name, Set<String> known, int maxBytes) throws NpzException {
        return inMemory(name, new NpzUnpacker(content, known, true, maxBytes));
    }

    /**
     * Unpacks the {@code wanted} arrays of an archive. All others can have any format.
     *
     * @param maxBytes maximum uncompressed size of the wanted arrays together, and of the others together
     * @throws NpzException as for {@link #unpack}, but for other entries
     */
    public static NpzArchive unpackOnly(byte[] content, String name, Set<String> wanted, int maxBytes)
            throws NpzException {
        return inMemory(name, new NpzUnpacker(content, wanted, false, maxBytes));
    }

    private static NpzArchive inMemory(String name, NpzUnpacker unpacker) throws NpzException {
        try {
            return of(name, unpacker.unpack());
        } catch (NpzException e) {
            throw e.about(name);
        } catch (IOException e) {
            throw new NpzException(name + " is not an NPZ file, or is damaged (" + e.getMessage()
                    + "): save the arrays with numpy.savez");
        }
    }

    /** Name of the archive in error messages. */
    public String name() {
        return name;
    }

    /**
     * Reads an array and converts it.
     *
     * @throws NpzException if the array is too large or damaged, or {@code reading} refuses it
     */
    public <T> Optional<T> find(String array, Reading<T> reading) throws IOException {
        String subject = "the array '" + array + "' of " + name;
        try {
            Optional<NpyArray> found = arrays.find(array);
            return found.isEmpty() ? Optional.empty() : Optional.of(reading.from(found.get()));
        } catch (NpzException e) {
            throw e.about(subject);
        } catch (ZipException e) {
            throw new NpzException(subject + " is damaged (" + e.getMessage() + "): get the file again");
        }
    }

    /**
     * Reads an array and converts it.
     *
     * @throws NpzException as for {@link #find}, and if there is no such array
     */
    public <T> T get(String array, Reading<T> reading) throws IOException {
        return find(array, reading).orElseThrow(() -> new NpzException(name + " has no array '" + array + "'"));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
