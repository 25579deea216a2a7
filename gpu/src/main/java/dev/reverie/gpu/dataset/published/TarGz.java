package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DatasetException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.io.function.IOBiConsumer;

/** Reads a gzipped tar archive in a single pass, from beginning to end. */
final class TarGz {

    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_SHOWN = 80;

    private TarGz() {}

    /**
     * Passes the path of every file of {@code archive} and its content to {@code visitor}, which may read any part of
     * it but must not close it.
     *
     * @throws DatasetException if the archive cannot be read, is truncated or damaged, or has a path that points
     *     outside it; also if {@code visitor} throws this exception
     */
    static void read(Path archive, IOBiConsumer<String, InputStream> visitor) {
        try (InputStream unpacked =
                        new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive), BUFFER), BUFFER);
                TarArchiveInputStream tar = new TarArchiveInputStream(unpacked)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                requireInside(entry.getName(), archive);
                if (entry.isFile()) {
                    visitor.accept(entry.getName(), tar);
                }
            }
            unpacked.transferTo(OutputStream.nullOutputStream()); // gzip verifies the checksum only at the end
        } catch (IOException e) {
            throw DatasetException.unreadable(archive, e);
        } catch (IllegalArgumentException e) { // thrown for invalid numbers in a header
            throw new DatasetException(archive + " is damaged or not a tar archive" + DatasetException.FETCH_AGAIN, e);
        }
    }

    /**
     * Refuses a path that points outside the archive. Reverie does not unpack archives, but an archive with such a path
     * is malicious.
     */
    static void requireInside(String path, Path archive) {
        boolean climbs = Arrays.asList(path.split("[/\\\\]", -1)).contains("..");
        if (climbs || path.startsWith("/")) {
            throw new DatasetException(archive + " has an entry with a path outside the archive, '"
                    + path.substring(0, Math.min(path.length(), LONGEST_SHOWN)).replaceAll("[^ -~]", "?")
                    + "'; it is not the published archive" + DatasetException.FETCH_AGAIN);
        }
    }
}
