package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.AtomicFile;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.published.IdxFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The folder of one dataset: knows which files are still missing, and takes in only what is exactly as published. Files
 * are kept uncompressed under the publishers' names.
 */
final class DatasetFolder {

    private final Path directory;
    private final Release release;

    DatasetFolder(Path directory, Release release) {
        this.directory = directory;
        this.release = release;
    }

    /** The files that are not there, or not as they should be. */
    Set<IdxFile> missing() {
        Set<IdxFile> missing = EnumSet.allOf(IdxFile.class);
        missing.removeIf(this::isSound);
        return missing;
    }

    private boolean isSound(IdxFile file) {
        Optional<Path> path = file.in(directory);
        if (path.isEmpty()) {
            return false;
        }
        try (InputStream content = IdxFile.open(path.get())) {
            Fingerprint found = Fingerprint.copying(content, OutputStream.nullOutputStream(), limit(file));
            return found.equals(fingerprint(file));
        } catch (IOException _) {
            return false; // damaged or unreadable: to be fetched again
        }
    }

    /** Uncompressed size of {@code files} in bytes. */
    long bytes(Set<IdxFile> files) {
        return files.stream().mapToLong(file -> fingerprint(file).bytes()).sum();
    }

    /**
     * Stores {@code content}, gzipped or not, as {@code file}.
     *
     * @throws DatasetException if it is not what was published; nothing is stored then
     */
    void store(IdxFile file, InputStream content) throws IOException {
        AtomicFile.write(directory.resolve(file.fileName()), out -> {
            Fingerprint found = Fingerprint.copying(IdxFile.uncompressed(content), out, limit(file));
            if (!found.equals(fingerprint(file))) {
                throw new DatasetException(
                        file.fileName() + " is not as published: got " + found + ", want " + fingerprint(file));
            }
        });
    }

    /** One byte more than there should be is enough to see that there is too much. */
    private long limit(IdxFile file) {
        return fingerprint(file).bytes() + 1;
    }

    private Fingerprint fingerprint(IdxFile file) {
        return Optional.ofNullable(release.files().get(file))
                .orElseThrow(() -> new IllegalStateException("no fingerprint of " + file));
    }
}
