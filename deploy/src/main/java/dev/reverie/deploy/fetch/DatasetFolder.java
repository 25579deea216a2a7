package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.AtomicFile;
import dev.reverie.gpu.dataset.DatasetException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Manages the folder of one dataset: finds missing files, and stores only files whose content is exactly as published.
 * Files keep their published names, except that gzipped IDX files are stored unpacked, without {@code .gz}.
 */
final class DatasetFolder {

    private final Path directory;
    private final DatasetRelease release;

    DatasetFolder(Path directory, DatasetRelease release) {
        this.directory = directory;
        this.release = release;
    }

    /** Returns the files that are missing or damaged. */
    List<ReleaseFile> missing() {
        return release.files().stream().filter(file -> !isSound(file)).toList();
    }

    /** Whether any of the files is there, even a damaged one. */
    boolean hasAny() {
        return release.files().stream().anyMatch(file -> file.in(directory).isPresent());
    }

    private boolean isSound(ReleaseFile file) {
        Optional<Path> path = file.in(directory);
        if (path.isEmpty()) {
            return false;
        }
        try (InputStream content = Files.newInputStream(path.get())) {
            FileDigest found = FileDigest.copying(file.stored(content), OutputStream.nullOutputStream(), limit(file));
            return found.equals(file.digest());
        } catch (IOException _) {
            return false; // damaged or unreadable, so it is fetched again
        }
    }

    /** Returns the size of {@code files} in bytes, as stored. */
    static long bytes(List<ReleaseFile> files) {
        return files.stream().mapToLong(file -> file.digest().bytes()).sum();
    }

    /**
     * Stores {@code content}, gzipped or unpacked, as {@code file}.
     *
     * @throws DatasetException if the content is damaged or differs from the published file; in this case, nothing is
     *     stored
     */
    void store(ReleaseFile file, InputStream content) throws IOException {
        AtomicFile.write(directory.resolve(file.name()), out -> {
            FileDigest found = FileDigest.copying(SourceInputStream.of(file, content), out, limit(file));
            if (!found.equals(file.digest())) {
                throw new DatasetException(file.name() + " differs from the published file, which has "
                        + file.digest().bytes() + " bytes and the SHA-256 hash "
                        + file.digest().sha256());
            }
        });
    }

    /** Returns one byte more than the expected length, which is enough to detect a file that is too long. */
    private static long limit(ReleaseFile file) {
        return file.digest().bytes() + 1;
    }
}
