package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.published.MnistFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A dataset of four files of a few bytes, and the ways in which sources pack them. */
final class TinyRelease {

    private TinyRelease() {}

    static DatasetRelease from(DatasetSource... sources) {
        List<ReleaseFile> files = Stream.of(MnistFile.values())
                .map(file -> ReleaseFile.of(file, digest(content(file))))
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

    /** Returns an archive with all files, gzipped, among other files. */
    static byte[] tar() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            add(tar, "./usr/share/README", new byte[] {1});
            for (MnistFile file : MnistFile.values()) {
                add(tar, "./usr/share/tiny/" + file.fileName() + ".gz", gzipped(content(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    static FileDigest digest(byte[] content) {
        try {
            return FileDigest.copying(
                    new ByteArrayInputStream(content), OutputStream.nullOutputStream(), Long.MAX_VALUE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A source that delivers the requested files from memory. */
    record Intact(String name) implements DatasetSource {
        @Override
        public void deliver(List<ReleaseFile> wanted, Path workFolder, Recipient recipient) throws IOException {
            for (ReleaseFile file : wanted) {
                recipient.accept(file, new ByteArrayInputStream(content(file)));
            }
        }
    }

    /** A source that cannot be reached. */
    record Unreachable(String name) implements DatasetSource {
        @Override
        public void deliver(List<ReleaseFile> wanted, Path workFolder, Recipient recipient) throws IOException {
            throw new IOException("no route to host");
        }
    }

    /** A source that delivers other content in a valid gzip file. */
    record Altered(String name) implements DatasetSource {
        @Override
        public void deliver(List<ReleaseFile> wanted, Path workFolder, Recipient recipient) throws IOException {
            recipient.accept(
                    wanted.getFirst(),
                    new ByteArrayInputStream(gzipped("something else".getBytes(StandardCharsets.UTF_8))));
        }
    }

    /** A source that delivers only the first half of a gzip file. */
    record Truncated(String name) implements DatasetSource {
        @Override
        public void deliver(List<ReleaseFile> wanted, Path workFolder, Recipient recipient) throws IOException {
            byte[] complete = gzipped(content(wanted.getFirst()));
            recipient.accept(wanted.getFirst(), new ByteArrayInputStream(complete, 0, complete.length / 2));
        }
    }
}
