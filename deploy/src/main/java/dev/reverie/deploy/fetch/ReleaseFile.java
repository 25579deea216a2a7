package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.published.MnistFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One file of a published dataset.
 *
 * @param name name of the stored file
 * @param spellings accepted names, the preferred one first
 * @param downloadName name of the file on the publishers' servers
 * @param unpacked whether gzipped content is unpacked before it is stored
 * @param digest digest of the stored file
 */
record ReleaseFile(String name, List<String> spellings, String downloadName, boolean unpacked, FileDigest digest) {

    ReleaseFile {
        spellings = List.copyOf(spellings);
    }

    /** Describes a file that is published gzipped and stored unpacked. */
    static ReleaseFile of(MnistFile file, FileDigest digest) {
        String name = file.fileName();
        return new ReleaseFile(name, file.spellings().toList(), name + ".gz", true, digest);
    }

    /** Describes a file that is stored exactly as published. */
    static ReleaseFile asPublished(String name, FileDigest digest) {
        return new ReleaseFile(name, List.of(name), name, false, digest);
    }

    /** Returns the path of the file in {@code directory}, under the first accepted name that exists. */
    Optional<Path> in(Path directory) {
        return spellings.stream()
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** Returns the bytes to store for the published {@code content}. */
    InputStream stored(InputStream content) throws IOException {
        return unpacked ? MnistFile.uncompressed(content) : content;
    }
}
