package dev.reverie.gpu.dataset.archive;

import dev.reverie.gpu.dataset.DatasetException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads files in a zip, and keeps the list of files in memory. */
final class ZipTree extends FileTree {

    private final Path file;
    private final ZipFile zip;
    private final Map<String, List<String>> namesByFolder;

    private ZipTree(Path file, ZipFile zip, Map<String, List<String>> namesByFolder) {
        this.file = file;
        this.zip = zip;
        this.namesByFolder = namesByFolder;
    }

    static ZipTree of(Path file) {
        try {
            return indexed(file, new ZipFile(file.toFile()));
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }

    private static ZipTree indexed(Path file, ZipFile zip) throws IOException {
        try {
            Map<String, List<String>> names = zip.stream()
                    .peek(entry -> TarGz.requireInside(entry.getName(), file))
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .sorted()
                    .collect(Collectors.groupingBy(
                            ZipTree::folderOf,
                            Collectors.mapping(
                                    path -> path.substring(path.lastIndexOf('/') + 1), Collectors.toList())));
            return new ZipTree(file, zip, names);
        } catch (DatasetException e) {
            zip.close();
            throw e;
        } catch (IllegalArgumentException e) { // thrown for names that are not text
            zip.close();
            throw new DatasetException(
                    file + " is damaged: it has file names that are not valid text" + DatasetException.FETCH_AGAIN, e);
        }
    }

    private static String folderOf(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    @Override
    public List<String> names(String folder) {
        return namesByFolder.getOrDefault(folder, List.of());
    }

    @Override
    public byte[] content(String path, int limit) {
        ZipEntry entry = Optional.ofNullable(zip.getEntry(path))
                .orElseThrow(
                        () -> new DatasetException(file + " does not contain " + path + DatasetException.FETCH_AGAIN));
        byte[] content;
        try (InputStream in = zip.getInputStream(entry)) {
            content = limited(in, limit, path);
        } catch (IOException e) {
            throw new DatasetException(
                    describe(path) + " cannot be unpacked, because it is damaged" + DatasetException.FETCH_AGAIN, e);
        }
        CRC32 checksum = new CRC32();
        checksum.update(content);
        if (checksum.getValue() != entry.getCrc()) {
            throw new DatasetException(
                    describe(path) + " is damaged: its checksum does not match" + DatasetException.FETCH_AGAIN);
        }
        return content;
    }

    @Override
    public String describe(String path) {
        return path + " in " + file;
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }
}
