package dev.reverie.gpu.dataset.archive;

import dev.reverie.gpu.dataset.DataTooLargeException;
import dev.reverie.gpu.dataset.DatasetException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Provides access by path to the files in a folder or a zip archive. Thread safe. Paths use slashes. */
public abstract class FileTree implements AutoCloseable {

    FileTree() {}

    /**
     * Opens a folder or a zip.
     *
     * @throws DatasetException if {@code place} cannot be read, is neither a folder nor a zip, or is a zip with a path
     *     that points outside the archive
     */
    public static FileTree open(Path place) {
        return Files.isDirectory(place) ? new Folder(place) : ZipTree.of(place);
    }

    /** Lists the names of the files directly in {@code folder}, sorted; empty if the folder does not exist. */
    public abstract List<String> names(String folder);

    /**
     * Reads a file.
     *
     * @param limit maximum size in bytes
     * @throws DatasetException if the file is missing, unreadable, damaged, or larger than {@code limit}
     */
    public abstract byte[] content(String path, int limit);

    /** Describes a file for error messages. */
    public abstract String describe(String path);

    @Override
    public void close() {}

    byte[] limited(InputStream in, int limit, String path) throws IOException {
        byte[] content = in.readNBytes(limit);
        if (in.read() >= 0) {
            throw new DataTooLargeException(describe(path) + " has more than " + limit
                    + " bytes, so it is not the published file" + DatasetException.FETCH_AGAIN);
        }
        return content;
    }

    private static final class Folder extends FileTree {

        private final Path root;

        Folder(Path root) {
            this.root = root;
        }

        @Override
        public List<String> names(String folder) {
            Path path = root.resolve(folder);
            if (!Files.isDirectory(path)) {
                return List.of();
            }
            try (Stream<Path> entries = Files.list(path)) {
                return entries.filter(Files::isRegularFile)
                        .map(entry -> String.valueOf(entry.getFileName()))
                        .filter(name -> !name.startsWith("."))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw DatasetException.unreadable(path, e);
            } catch (UncheckedIOException e) { // from the entries
                throw DatasetException.unreadable(path, Objects.requireNonNull(e.getCause()));
            }
        }

        @Override
        public byte[] content(String path, int limit) {
            Path file = root.resolve(path);
            try (InputStream in = Files.newInputStream(file)) {
                return limited(in, limit, path);
            } catch (IOException e) {
                throw DatasetException.unreadable(file, e);
            }
        }

        @Override
        public String describe(String path) {
            return root.resolve(path).toString();
        }
    }
}
