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
        return release.assets().stream().filter(asset -> !isSound(asset)).toList();
    }

    private boolean isSound(ReleaseFile asset) {
        Optional<Path> path = asset.in(directory);
        if (path.isEmpty()) {
            return false;
        }
        try (InputStream file = Files.newInputStream(path.get())) {
            FileDigest found = FileDigest.copying(asset.kept(file), OutputStream.nullOutputStream(), limit(asset));
            return found.equals(asset.fingerprint());
        } catch (IOException _) {
            return false; // damaged or unreadable, so it is fetched again
        }
    }

    /** Returns the size of {@code assets} in bytes, as stored. */
    static long bytes(List<ReleaseFile> assets) {
        return assets.stream().mapToLong(asset -> asset.fingerprint().bytes()).sum();
    }

    /**
     * Stores {@code content}, gzipped or unpacked, as {@code asset}.
     *
     * @throws DatasetException if the content differs from the published file; in this case, nothing is stored
     */
    void store(ReleaseFile asset, InputStream content) throws IOException {
        AtomicFile.write(directory.resolve(asset.name()), out -> {
            FileDigest found = FileDigest.copying(asset.kept(content), out, limit(asset));
            if (!found.equals(asset.fingerprint())) {
                throw new DatasetException(asset.name() + " differs from the published file: got " + found
                        + ", expected " + asset.fingerprint());
            }
        });
    }

    /** Returns one byte more than the expected length, which is enough to detect a file that is too long. */
    private static long limit(ReleaseFile asset) {
        return asset.fingerprint().bytes() + 1;
    }
}
