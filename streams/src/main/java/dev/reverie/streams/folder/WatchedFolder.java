package dev.reverie.streams.folder;

import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;

/** A folder whose files this process ingests, or may ingest later for other nodes. Thread safe. */
public sealed interface WatchedFolder permits FolderIngest, FolderSingleton {

    /** Checks whether the folder can be scanned, if this process scans it. */
    Readiness.Check check();

    /**
     * Stops scanning in this process for good, even in the middle of a scan. Completes when all files in work have been
     * processed, or when {@code grace} is over. Files that have not been processed by then are found again after the
     * next start.
     */
    CompletionStage<Done> stop(Duration grace);

    /**
     * Starts ingesting a folder; in a cluster, only while this node is the oldest one.
     *
     * @param listener receives every refused file and every deferred delivery of this process
     * @param nanos counts nanoseconds, as {@link System#nanoTime}
     * @throws IllegalArgumentException if the folder does not exist, cannot be read or is not a folder
     */
    static WatchedFolder open(
            ActorSystem<?> system,
            FolderSettings settings,
            MemoryService service,
            IngestListener listener,
            LongSupplier nanos) {
        FolderSettings real = settings.withRoot(realFolder(settings.root()));
        Supplier<FolderIngest> opening = () -> new FolderIngest(system, real, service, listener, nanos);
        return service.cluster().isPresent() ? FolderSingleton.join(system, opening) : opening.get();
    }

    private static Path realFolder(Path folder) {
        try {
            Path real = folder.toRealPath();
            if (Files.isDirectory(real)) {
                return real;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the folder " + folder + " cannot be read: create it, or correct its path and permissions", e);
        }
        throw new IllegalArgumentException(folder + " is not a folder: set reverie.watch.folder to a folder");
    }
}
