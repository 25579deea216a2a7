package dev.reverie.gpu.dataset.archive;

import dev.reverie.gpu.dataset.DatasetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files by their paths, in a folder or a zip. May be read by several threads at once. Paths have slashes. */
public sealed interface FileTree extends AutoCloseable permits FolderTree, ZipTree {

    /**
     * Opens a folder, or else a zip.
     *
     * @throws DatasetException if it cannot be read, is no zip, or has a path that leads out of it
     */
    static FileTree open(Path place) {
        return Files.isDirectory(place) ? new FolderTree(place) : ZipTree.of(place);
    }

    /** Names of the files right in {@code folder}, sorted; none if there is no such folder. */
    List<String> names(String folder);

    /**
     * Reads a file.
     *
     * @param limit in bytes
     * @throws DatasetException if it is not there, unreadable, damaged, or larger
     */
    byte[] content(String path, int limit);

    /** What to call a file in an error message. */
    String describe(String path);

    @Override
    void close();
}
