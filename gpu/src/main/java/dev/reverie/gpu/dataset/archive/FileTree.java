package dev.reverie.gpu.dataset.archive;

import dev.reverie.gpu.dataset.DatasetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Provides access by path to the files in a folder or a zip archive. Thread safe. Paths use slashes. */
public sealed interface FileTree extends AutoCloseable permits FolderTree, ZipTree {

    /**
     * Opens a folder or a zip.
     *
     * @throws DatasetException if {@code place} cannot be read, is neither a folder nor a zip, or is a zip with a path
     *     that points outside the archive
     */
    static FileTree open(Path place) {
        return Files.isDirectory(place) ? new FolderTree(place) : ZipTree.of(place);
    }

    /** Lists the names of the files directly in {@code folder}, sorted; empty if the folder does not exist. */
    List<String> names(String folder);

    /**
     * Reads a file.
     *
     * @param limit maximum size in bytes
     * @throws DatasetException if the file is missing, unreadable, damaged, or larger than {@code limit}
     */
    byte[] content(String path, int limit);

    /** Describes a file for error messages. */
    String describe(String path);

    @Override
    void close();
}
