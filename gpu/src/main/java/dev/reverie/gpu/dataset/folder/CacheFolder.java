package dev.reverie.gpu.dataset.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder of all caches of resized images. The caches of a folder of pictures are in a folder of their own, whose
 * file {@code source} contains the path of the pictures.
 */
record CacheFolder(Path root) {

    private static final String SOURCE = "source";

    /** Creates the folder for the caches of a folder of pictures, unless it exists. */
    Path create(Path pictures) throws IOException {
        String source = pictures.toRealPath().toString();
        Path directory = Files.createDirectories(of(source));
        Path file = directory.resolve(SOURCE);
        if (!Files.exists(file)) {
            Files.writeString(file, source);
        }
        return directory;
    }

    private Path of(String source) {
        return root.resolve(
                UUID.nameUUIDFromBytes(source.getBytes(StandardCharsets.UTF_8)).toString());
    }

    /** Deletes the caches of folders that no longer exist, as far as possible. */
    void deleteObsolete() {
        for (Path directory : entries(root)) {
            if (isObsolete(directory)) {
                entries(directory).forEach(CacheFolder::delete);
                delete(directory);
            }
        }
    }

    private boolean isObsolete(Path directory) {
        try {
            String source = Files.readString(directory.resolve(SOURCE));
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && directory.equals(of(source))
                    && Files.notExists(Path.of(source));
        } catch (IOException | InvalidPathException _) {
            return false;
        }
    }

    private static List<Path> entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException _) {
            // another process deletes it, too, or it belongs to another user
        }
    }
}
