package dev.reverie.gpu.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads arrays from an NPZ archive, in a file or in memory, and verifies their checksums. */
final class NpzArchive implements Closeable {

    /** Maximum uncompressed size of an array in a file. */
    static final int MAX_BYTES = 1 << 29;

    /** What follows the name of an array in the name of its entry. */
    static final String SUFFIX = ".npy";

    private final String name;
    private final Arrays arrays;

    private NpzArchive(String name, Arrays arrays) {
        this.name = name;
        this.arrays = arrays;
    }

    /** Finds arrays by name. */
    interface Arrays extends Closeable {
        Optional<NpyArray> find(String array) throws IOException;
    }

    /** Converts an array to values. */
    @FunctionalInterface
    interface Reading<T> {
        T from(NpyArray array) throws IOException;
    }

    /** Whether a file is an NPZ archive with an array of this name. */
    static boolean contains(Path file, String array) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.getEntry(array + SUFFIX) != null;
        } catch (IOException _) {
            return false; // whoever reads the file reports it
        }
    }

    /**
     * Opens the archive in a file, from which arrays are read on demand.
     *
     * @throws ZipException if the file is not a zip, or is truncated
     * @throws IOException if the file cannot be read
     */
    static NpzArchive open(Path file) throws IOException {
        return new NpzArchive(file.toString(), new ArraysOfZip(new ZipFile(file.toFile())));
    }

    /**
     * Unpacks an archive that may contain the {@code known} arrays and no others.
     *
     * @param name name of the archive in error messages
     * @param maxBytes maximum uncompressed size of all arrays together
     * @throws DataTooLargeException if the arrays exceed {@code maxBytes}
     * @throws DatasetException if the content is not an NPZ, is truncated or damaged, or contains other entries
     */
    static NpzArchive unpack(byte[] content, String name, Set<String> known, int maxBytes) {
        try {
            return new NpzArchive(name, InMemoryNpz.of(content, known, maxBytes));
        } catch (NpyTooLargeException e) {
            throw new DataTooLargeException(name + " " + e.getMessage());
        } catch (NpyFormatException e) {
            throw new DatasetException(name + " " + e.getMessage(), e);
        } catch (ZipException e) {
            throw new DatasetException(
                    name + " is not an NPZ file, or is damaged (" + e.getMessage()
                            + "): save the arrays with numpy.savez",
                    e);
        } catch (IOException e) {
            throw new DatasetException(name + " cannot be read: " + FileErrorMessages.describe(e), e);
        }
    }

    /**
     * Reads the array {@code array} and converts it with {@code reading}; returns empty if there is no such array.
     *
     * @throws DataTooLargeException if the array is too large
     * @throws DatasetException if the array is damaged, or {@code reading} rejects it
     */
    <T> Optional<T> read(String array, Reading<T> reading) {
        String subject = "the array '" + array + "' of " + name;
        try {
            Optional<NpyArray> found = arrays.find(array);
            return found.isEmpty() ? Optional.empty() : Optional.of(reading.from(found.get()));
        } catch (NpyTooLargeException e) {
            throw new DataTooLargeException(subject + " " + e.getMessage());
        } catch (NpyFormatException e) {
            throw new DatasetException(subject + " " + e.getMessage(), e);
        } catch (ZipException e) {
            throw new DatasetException(subject + " is damaged (" + e.getMessage() + "): get the file again", e);
        } catch (IOException e) {
            throw new DatasetException("cannot read " + subject + ": " + FileErrorMessages.describe(e), e);
        }
    }

    @Override
    public void close() throws IOException {
        arrays.close();
    }

    private record ArraysOfZip(ZipFile zip) implements Arrays {

        @Override
        public Optional<NpyArray> find(String array) throws IOException {
            Optional<ZipEntry> entry = Optional.ofNullable(zip.getEntry(array + SUFFIX));
            return entry.isEmpty() ? Optional.empty() : Optional.of(read(entry.get()));
        }

        private NpyArray read(ZipEntry entry) throws IOException {
            CRC32 crc = new CRC32();
            try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), crc)) {
                NpyArray array = NpyArray.readFrom(in, MAX_BYTES);
                if (crc.getValue() != entry.getCrc()) { // ZipFile, unlike ZipInputStream, does not verify it
                    throw new NpyFormatException("is damaged: its checksum does not match; save it again");
                }
                return array;
            }
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }
}
