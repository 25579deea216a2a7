package dev.reverie.gpu.dataset.archive;

import dev.reverie.gpu.dataset.DatasetException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads files in a folder of the file system. */
record FolderTree(Path root) implements FileTree {

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
            return ZipTree.limited(in, limit, describe(path));
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }

    @Override
    public String describe(String path) {
        return root.resolve(path).toString();
    }

    @Override
    public void close() {}
}
