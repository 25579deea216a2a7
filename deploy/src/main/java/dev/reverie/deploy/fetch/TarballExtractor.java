package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Extracts the files of a dataset from any folder of a tar archive, without unpacking the archive to disk. */
final class TarballExtractor {

    private TarballExtractor() {}

    /**
     * Delivers the files of {@code wanted} that {@code archive} contains.
     *
     * @throws IOException if the archive is damaged
     */
    static void deliver(InputStream archive, List<ReleaseFile> wanted, DatasetSource.Recipient recipient)
            throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(archive);
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            Optional<ReleaseFile> file = entry.isFile() ? fileNamed(entry.getName(), wanted) : Optional.empty();
            if (file.isPresent()) {
                recipient.accept(file.get(), tar);
            }
        }
    }

    private static Optional<ReleaseFile> fileNamed(String path, List<ReleaseFile> among) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return among.stream().filter(file -> file.spellings().contains(name)).findFirst();
    }
}
