package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.published.IdxFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One file of a release.
 *
 * @param name under which it is kept
 * @param spellings names under which it is found, preferred first
 * @param downloadName what its publishers call it
 * @param unpacked whether a gzip around it is taken off
 * @param fingerprint of what is kept
 */
record ReleaseFile(String name, List<String> spellings, String downloadName, boolean unpacked, FileDigest fingerprint) {

    ReleaseFile {
        spellings = List.copyOf(spellings);
    }

    /** A file that is published gzipped and kept without. */
    static ReleaseFile of(IdxFile file, FileDigest fingerprint) {
        String name = file.fileName();
        return new ReleaseFile(name, file.spellings().toList(), name + ".gz", true, fingerprint);
    }

    /** A file that is kept bit for bit as it is published. */
    static ReleaseFile asPublished(String name, FileDigest fingerprint) {
        return new ReleaseFile(name, List.of(name), name, false, fingerprint);
    }

    /** The file in {@code directory}, by the first spelling that exists. */
    Optional<Path> in(Path directory) {
        return spellings.stream()
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** What is kept of a file that is published as {@code content}. */
    InputStream kept(InputStream content) throws IOException {
        return unpacked ? IdxFile.uncompressed(content) : content;
    }
}
