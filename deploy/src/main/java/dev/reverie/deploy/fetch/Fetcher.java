package dev.reverie.deploy.fetch;

import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.TemporaryFolder;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.published.Datasets;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Fetches datasets: from Debian's package registry, which is often the only server that a machine can reach, or from
 * the publishers. The SHA-256 hash of each file is verified, so that only the published file is accepted, whatever the
 * source.
 */
public final class Fetcher {

    private static final long MIB = 1L << 20;

    /** A file is on the disk twice for a moment: as a source has sent it, and as it is stored. */
    private static final int COPIES = 2;

    private static final double MEGA = 1e6;

    private final List<DatasetRelease> releases;

    Fetcher(List<DatasetRelease> releases) {
        this.releases = List.copyOf(releases);
    }

    public static Fetcher standard() {
        return new Fetcher(DatasetRelease.ALL);
    }

    /**
     * Fetches the missing and damaged files of a dataset into {@code directory}, which is created if necessary.
     *
     * @return name of the source; empty if the folder already contained all files
     * @throws DatasetException if the name is unknown
     * @throws InterruptedIOException if the thread is interrupted; the interrupt status of the thread is set
     * @throws IOException if all sources fail, with the reason for each; or if the disk has too little free space, or
     *     the folder cannot be created
     */
    public Optional<String> fetch(String dataset, Path directory, ProgressView view) throws IOException {
        DatasetRelease release = release(dataset);
        Files.createDirectories(directory);
        List<ReleaseFile> missing = release.missingIn(directory);
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        requireRoom(dataset, directory, bytes(missing));
        return Optional.of(fetchMissing(release, directory, view));
    }

    /**
     * Fetches a dataset as {@link #fetch} does, unless {@code directory} has it only in another form in which it can be
     * read, for example unpacked.
     *
     * @return name of the source; empty if the dataset is there in any form
     * @throws DatasetException if the name is unknown
     * @throws IOException for the reasons of {@link #fetch}
     */
    public Optional<String> fetchIfMissing(String dataset, Path directory, ProgressView view) throws IOException {
        boolean hasAny = release(dataset).files().stream()
                .anyMatch(file -> file.in(directory).isPresent());
        return hasAny || !Datasets.isIn(directory, dataset) ? fetch(dataset, directory, view) : Optional.empty();
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
    private static String fetchMissing(DatasetRelease release, Path directory, ProgressView view) throws IOException {
        List<String> failures = new ArrayList<>();
        for (DatasetRelease.Source source : release.sources()) {
            view.show(0, "trying " + source.name());
            try {
                deliver(source, release, directory, view);
                return source.name();
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                String reason = String.valueOf(e.getMessage());
                view.note(source.name() + " failed: " + reason);
                failures.add(source.name() + ": " + reason);
            }
        }
        throw new IOException("cannot fetch " + release.dataset() + " (" + String.join("; ", failures) + "); download "
                + release.missingIn(directory).stream()
                        .map(ReleaseFile::downloadName)
                        .collect(Collectors.joining(", "))
                + " by other means and put it into " + directory);
    }

    private static void deliver(DatasetRelease.Source source, DatasetRelease release, Path directory, ProgressView view)
            throws IOException {
        // absolute, because apt-get runs in it
        try (TemporaryFolder work = TemporaryFolder.in(directory.toAbsolutePath())) {
            List<ReleaseFile> missing = release.missingIn(directory);
            long total = bytes(missing);
            long done = 0;
            show(view, source, done, total);
            for (ReleaseFile file : missing) {
                long before = done;
                Path sent = source.get(
                        file, work.path(), arrived -> show(view, source, Math.min(total, before + arrived), total));
                file.store(sent, directory);
                Files.delete(sent);
                done += file.bytes();
                show(view, source, done, total);
            }
        }
    }

    private static void show(ProgressView view, DatasetRelease.Source source, long bytes, long total) {
        view.show(
                (double) bytes / total,
                String.format(Locale.ROOT, "%.1f of %.1f MB from %s", bytes / MEGA, total / MEGA, source.name()));
    }
}
