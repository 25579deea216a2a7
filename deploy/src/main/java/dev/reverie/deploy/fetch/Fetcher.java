package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.published.Datasets;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.commons.io.file.PathUtils;

/**
 * Fetches datasets: from Debian's package registry, which is often the only server that a machine can reach, or from
 * the publishers. The SHA-256 hash of each file is verified, so that only the published file is accepted, whatever the
 * source.
 */
public final class Fetcher {

    private static final long MIB = 1L << 20;

    /** A file is on the disk twice for a moment: as a source has sent it, and as it is stored. */
    private static final int COPIES = 2;

    private static final String WORK_FOLDER_PREFIX = ".fetch";

    /** Age at which no program uses a work folder any more. */
    private static final Duration ABANDONED_AGE = Duration.ofDays(1);

    private final List<DatasetRelease> releases;

    Fetcher(List<DatasetRelease> releases) {
        this.releases = List.copyOf(releases);
    }

    /** Creates a fetcher of all published datasets. */
    public static Fetcher standard() {
        return new Fetcher(DatasetRelease.ALL);
    }

    /**
     * Fetches the missing and damaged files of a dataset into {@code directory}, which is created if necessary.
     *
     * @throws DatasetException if the name is unknown
     * @throws InterruptedIOException if the thread is interrupted; the interrupt status of the thread is set
     * @throws IOException if all sources fail, with the reason for each; or if the disk has too little free space, or
     *     the folder cannot be created
     */
    public FetchedDataset fetch(String dataset, Path directory, FetchListener listener) throws IOException {
        DatasetRelease release = release(dataset);
        Files.createDirectories(directory);
        List<ReleaseFile> missing = release.missingIn(directory);
        if (missing.isEmpty()) {
            return new FetchedDataset(directory, Optional.empty());
        }
        requireRoom(dataset, directory, bytes(missing));
        return new FetchedDataset(directory, Optional.of(fetchMissing(release, directory, listener)));
    }

    /**
     * Fetches a dataset as {@link #fetch} does, unless {@code directory} has it only in another form in which it can be
     * read, for example unpacked.
     *
     * @return what {@link #fetch} returns; empty if the dataset is there in another form
     * @throws DatasetException if the name is unknown
     * @throws IOException for the reasons of {@link #fetch}
     */
    public Optional<FetchedDataset> fetchIfMissing(String dataset, Path directory, FetchListener listener)
            throws IOException {
        boolean hasAny = release(dataset).files().stream()
                .anyMatch(file -> file.in(directory).isPresent());
        return hasAny || !Datasets.isIn(directory, dataset)
                ? Optional.of(fetch(dataset, directory, listener))
                : Optional.empty();
    }

    private DatasetRelease release(String dataset) {
        return releases.stream()
                .filter(candidate -> candidate.dataset().equals(dataset))
                .findFirst()
                .orElseThrow(() -> new DatasetException("cannot fetch '" + dataset + "': choose one of "
                        + releases.stream().map(DatasetRelease::dataset).collect(Collectors.joining(", "))));
    }

    private static long bytes(List<ReleaseFile> files) {
        return files.stream().mapToLong(ReleaseFile::bytes).sum();
    }

    private static void requireRoom(String dataset, Path directory, long bytes) throws IOException {
        long needed = COPIES * bytes;
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable < needed) {
            throw new IOException(directory + " has only " + usable / MIB + " MiB left, but " + dataset + " needs "
                    + Math.ceilDiv(needed, MIB) + " MiB: free space, or name another folder with REVERIE_DATA, or"
                    + " with --to of fetch");
        }
    }

    /** Fetches the missing files from the first source that has them all, and returns the name of that source. */
    private static String fetchMissing(DatasetRelease release, Path directory, FetchListener listener)
            throws IOException {
        List<String> failures = new ArrayList<>();
        for (DatasetSource source : release.sources()) {
            listener.trying(source.name());
            try {
                deliver(source, release, directory, listener);
                return source.name();
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                String reason = String.valueOf(e.getMessage());
                listener.failed(source.name(), reason);
                failures.add(source.name() + ": " + reason);
            }
        }
        throw new IOException("cannot fetch " + release.dataset() + " (" + String.join("; ", failures) + "); download "
                + release.missingIn(directory).stream()
                        .map(ReleaseFile::downloadName)
                        .collect(Collectors.joining(", "))
                + " by other means and put it into " + directory);
    }

    private static void deliver(DatasetSource source, DatasetRelease release, Path directory, FetchListener listener)
            throws IOException {
        // absolute, because external programs run in it
        Path workFolder = Files.createTempDirectory(directory.toAbsolutePath(), WORK_FOLDER_PREFIX);
        try {
            removeAbandoned(directory, workFolder);
            List<ReleaseFile> missing = release.missingIn(directory);
            long total = bytes(missing);
            long done = 0;
            listener.progress(done, total);
            for (ReleaseFile file : missing) {
                long before = done;
                Path sent = source.get(
                        file, workFolder, arrived -> listener.progress(Math.min(total, before + arrived), total));
                file.store(sent, directory);
                Files.delete(sent);
                done += file.bytes();
                listener.progress(done, total);
            }
        } finally {
            PathUtils.deleteDirectory(workFolder);
        }
    }

    /** Removes the work folders of programs that were killed, as far as that is possible. */
    private static void removeAbandoned(Path directory, Path ownFolder) throws IOException {
        // by the clock of the file system
        long latest = Files.getLastModifiedTime(ownFolder).toMillis() - ABANDONED_AGE.toMillis();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(entry -> String.valueOf(entry.getFileName()).startsWith(WORK_FOLDER_PREFIX))
                    .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .map(Path::toFile)
                    .filter(folder -> folder.lastModified() < latest)
                    .forEach(FileUtils::deleteQuietly);
        }
    }
}
