package dev.reverie.streams.folder;

import dev.reverie.streams.service.Readiness;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

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
}
