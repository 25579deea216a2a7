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
 * The folder of one dataset: knows which files are still missing, and takes in only what is exactly as published. Files
 * are kept under the publishers' names, the gzipped ones of IDX unpacked.
 */
final class DatasetFolder {

    private final Path directory;
    private final DatasetRelease release;

    DatasetFolder(Path directory, DatasetRelease release) {
        this.directory = directory;
        this.release = release;
    }

    /** The files that are not there, or not as they should be. */
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
            return false; // damaged or unreadable: to be fetched again
        }
    }

    /** Size of {@code assets} in bytes, as they are kept. */
    static long bytes(List<ReleaseFile> assets) {
        return assets.stream().mapToLong(asset -> asset.fingerprint().bytes()).sum();
    }

    /**
     * Stores {@code content}, as published or unpacked already, as {@code asset}.
     *
     * @throws DatasetException if it is not what was published; nothing is stored then
     */
    void store(ReleaseFile asset, InputStream content) throws IOException {
        AtomicFile.write(directory.resolve(asset.name()), out -> {
            FileDigest found = FileDigest.copying(asset.kept(content), out, limit(asset));
            if (!found.equals(asset.fingerprint())) {
                throw new DatasetException(
                        asset.name() + " is not as published: got " + found + ", want " + asset.fingerprint());
            }
        });
    }

    /** One byte more than there should be is enough to see that there is too much. */
    private static long limit(ReleaseFile asset) {
        return asset.fingerprint().bytes() + 1;
    }
}
