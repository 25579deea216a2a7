package dev.reverie.gpu.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Looks up arrays in an NPZ file, checksums verified. */
final class NpzArchive implements Closeable {

    /** An array may have this many bytes, uncompressed. */
    static final int MAX_BYTES = 1 << 29;

    private final Path file;
    private final ZipFile zip;

    private NpzArchive(Path file, ZipFile zip) {
        this.file = file;
        this.zip = zip;
    }

    static NpzArchive open(Path file) throws IOException {
        return new NpzArchive(file, new ZipFile(file.toFile()));
    }

    /** Takes values out of an array. */
    @FunctionalInterface
    interface Reading<T> {
        T from(NpyArray array) throws IOException;
    }

    /**
     * What {@code reading} makes of the array {@code name}, or empty if there is no such array.
     *
     * @throws DatasetException if the array is damaged, or {@code reading} does not like it
     */
    <T> Optional<T> read(String name, Reading<T> reading) {
        Optional<ZipEntry> entry = Optional.ofNullable(zip.getEntry(name + ".npy"));
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reading.from(array(entry.get())));
        } catch (NpyFormatException e) {
            throw new DatasetException("the array '" + name + "' of " + file + " " + e.getMessage(), e);
        } catch (IOException e) {
            throw new DatasetException(
                    "cannot read the array '" + name + "' of " + file + ": " + FileProblem.describe(e), e);
        }
    }

    private NpyArray array(ZipEntry entry) throws IOException {
        CRC32 crc = new CRC32();
        try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), crc)) {
            NpyArray array = NpyArray.readFrom(in, MAX_BYTES);
            if (crc.getValue() != entry.getCrc()) { // ZipFile, unlike ZipInputStream, leaves this to its caller
                throw new NpyFormatException("is damaged: its checksum does not match");
            }
            return array;
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
