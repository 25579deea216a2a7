package dev.reverie.gpu.dataset.archive;

import dev.reverie.gpu.dataset.DatasetException;
import java.nio.file.Path;
import java.util.Arrays;

/** Paths within an archive. */
final class ArchivePaths {

    private static final int LONGEST_SHOWN = 80;

    private ArchivePaths() {}

    /**
     * Refuses a path that points outside the archive. Reverie does not unpack archives, but an archive with such a path
     * is malicious.
     *
     * @throws DatasetException if {@code path} points outside the archive
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
