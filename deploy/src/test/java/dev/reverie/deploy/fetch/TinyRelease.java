package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.published.MnistFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.codec.digest.DigestUtils;

/** A dataset of four files of a few bytes, and sources of it. */
final class TinyRelease {

    private TinyRelease() {}

    static DatasetRelease from(DatasetRelease.Source... sources) {
        List<ReleaseFile> files = Stream.of(MnistFile.values())
                .map(file -> ReleaseFile.of(file, content(file).length, sha256(content(file))))
                .toList();
        return new DatasetRelease("tiny", files, List.of(sources));
    }

    /** Returns the uncompressed content of {@code file}. */
    static byte[] content(ReleaseFile file) {
        return Stream.of(MnistFile.values())
                .filter(each -> each.fileName().equals(file.name()))
                .map(TinyRelease::content)
                .findFirst()
                .orElseThrow();
    }

    static byte[] content(MnistFile file) {
        return ("content of " + file).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] gzipped(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static String sha256(byte[] content) {
        return DigestUtils.sha256Hex(content);
    }

    /** A source of content in memory. */
    interface InMemory extends DatasetRelease.Source {

        byte[] content(ReleaseFile file);

        @Override
        default Path get(ReleaseFile file, Path workFolder, LongConsumer arrived) throws IOException {
            return Files.write(workFolder.resolve(file.downloadName()), content(file));
        }
    }

    /** A source that has the requested files. */
    record Intact(String name) implements InMemory {
        @Override
        public byte[] content(ReleaseFile file) {
            return TinyRelease.content(file);
        }
    }

    /** A source that cannot be reached. */
    record Unreachable(String name) implements DatasetRelease.Source {
        @Override
        public Path get(ReleaseFile file, Path workFolder, LongConsumer arrived) throws IOException {
            throw new IOException("no route to host");
        }
    }

    /** A source that delivers other content in a valid gzip file. */
    record Altered(String name) implements InMemory {
        @Override
        public byte[] content(ReleaseFile file) {
            return gzipped("something else".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A source that delivers only the first half of a gzip file. */
    record Truncated(String name) implements InMemory {
        @Override
        public byte[] content(ReleaseFile file) {
            byte[] complete = gzipped(TinyRelease.content(file));
            return Arrays.copyOf(complete, complete.length / 2);
        }
    }
}
