package dev.reverie.gpu.dataset.archive;

import dev.reverie.gpu.dataset.DatasetException;
import java.nio.file.Path;
import java.util.Arrays;

/** Paths within an archive. */
final class ArchivePaths {

    private static final int LONGEST_SHOWN = 80;

    private ArchivePaths() {}

    /**
     * Checks a path. Reverie unpacks nothing, but an archive with such a path is malicious.
     *
     * @throws DatasetException if {@code path} leads out of the archive
     */
    static void requireInside(String path, Path archive) {
        boolean climbs = Arrays.asList(path.split("[/\\\\]", -1)).contains("..");
        if (climbs || path.startsWith("/")) {
            throw new DatasetException(archive + " has an entry that leads out of it, '"
                    + path.substring(0, Math.min(path.length(), LONGEST_SHOWN)).replaceAll("[^ -~]", "?")
                    + "': it is not the published archive");
        }
    }
}
