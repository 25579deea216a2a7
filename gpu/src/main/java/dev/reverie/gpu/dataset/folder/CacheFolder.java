package dev.reverie.gpu.dataset.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder of all caches of resized images. It has a folder for each folder of pictures, which names that folder in
 * the file {@code source}.
 */
record CacheFolder(Path root) {

    private static final String SOURCE = "source";

    /** The folder with the caches of a folder of pictures. */
    Path directoryOf(Path pictures) {
        byte[] name = absolute(pictures).getBytes(StandardCharsets.UTF_8);
        return root.resolve(UUID.nameUUIDFromBytes(name).toString());
    }

    void create(Path pictures) throws IOException {
        Path directory = Files.createDirectories(directoryOf(pictures));
        Files.writeString(directory.resolve(SOURCE), absolute(pictures));
    }

    /** Deletes the caches of all folders that no longer exist. */
    void deleteObsolete() throws IOException {
        if (Files.isDirectory(root)) {
            for (Path directory : entries(root)) {
                Path source = directory.resolve(SOURCE);
                if (Files.isRegularFile(source) && !Files.exists(Path.of(Files.readString(source)))) {
                    delete(directory);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        for (Path file : entries(directory)) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(directory);
    }

    private static List<Path> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static String absolute(Path pictures) {
        return pictures.toAbsolutePath().normalize().toString();
    }
}
