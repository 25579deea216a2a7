package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.AtomicFile;
import dev.reverie.gpu.dataset.FileErrorMessages;
import dev.reverie.gpu.dataset.published.MnistFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.io.input.BoundedInputStream;

/**
 * One file of a published dataset.
 *
 * @param spellings accepted names of the stored file, the preferred one first
 * @param downloadName name of the file at the sources
 * @param unpacked whether gzipped content is unpacked before it is stored
 * @param bytes size of the stored file
 * @param sha256 digest of the stored file, in lower-case hexadecimal digits
 */
record ReleaseFile(List<String> spellings, String downloadName, boolean unpacked, long bytes, String sha256) {

    ReleaseFile {
        spellings = List.copyOf(spellings);
    }

    /** Describes a file that is published gzipped and stored unpacked, without {@code .gz}. */
    static ReleaseFile of(MnistFile file, long bytes, String sha256) {
        return new ReleaseFile(file.spellings().toList(), file.fileName() + ".gz", true, bytes, sha256);
    }

    /** Describes a file that is stored exactly as published. */
    static ReleaseFile asPublished(String name, long bytes, String sha256) {
        return new ReleaseFile(List.of(name), name, false, bytes, sha256);
    }

    String name() {
        return spellings.getFirst();
    }

    /** Returns the path of the file in {@code directory}, under the first accepted name that exists. */
    Optional<Path> in(Path directory) {
        return spellings.stream()
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** Whether {@code directory} has the file, intact. */
    boolean isSoundIn(Path directory) {
        try {
            Optional<Path> path = in(directory);
            return path.isPresent() && isSound(path.get());
        } catch (IOException _) {
            return false; // damaged or unreadable, so it is fetched again
        }
    }

    /** Whether a file, gzipped or not, has the published content. Reads one byte more than that has at most. */
    private boolean isSound(Path file) throws IOException {
        try (InputStream content = BoundedInputStream.builder()
                .setInputStream(open(file))
                .setMaxCount(bytes + 1)
                .get()) {
            return DigestUtils.sha256Hex(content).equals(sha256);
        }
    }

    private InputStream open(Path file) throws IOException {
        return unpacked ? MnistFile.open(file) : Files.newInputStream(file);
    }

    /**
     * Stores what a source has sent, gzipped or not, in {@code directory}.
     *
     * @throws IOException if the content is damaged or differs from the published file, and nothing is stored; or if
     *     the file cannot be written
     */
    void store(Path sent, Path directory) throws IOException {
        boolean sound;
        try {
            sound = isSound(sent);
        } catch (IOException e) {
            throw new IOException("the source sent a damaged " + name() + ": " + FileErrorMessages.describe(e), e);
        }
        if (!sound) {
            throw new IOException(name() + " differs from the published file, which has " + bytes
                    + " bytes and the SHA-256 hash " + sha256);
        }
        try (InputStream content = open(sent)) {
            AtomicFile.write(directory.resolve(name()), content::transferTo);
        }
    }
}
