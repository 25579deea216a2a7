package dev.reverie.streams.folder;

import dev.reverie.streams.decode.SafeExcerpt;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystem;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches folders and reports changes when the operating system announces them. The operating system may miss changes,
 * for example on network drives, so regular scans remain necessary.
 */
final class FolderWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FolderWatcher.class);

    private final Optional<WatchService> service;
    private final Set<Path> watched = ConcurrentHashMap.newKeySet();
    private final Set<Path> notWatchable = ConcurrentHashMap.newKeySet();

    FolderWatcher(FileSystem files, Runnable onChange) {
        service = service(files);
        service.ifPresent(watches -> Thread.ofVirtual().name("folder-watch").start(() -> report(watches, onChange)));
    }

    private static Optional<WatchService> service(FileSystem files) {
        try {
            return Optional.of(files.newWatchService());
        } catch (IOException e) {
            LOG.warn(
                    "The system does not report new files ({}). They are found at the next regular scan instead;"
                            + " nothing needs to be done.",
                    e.toString());
            return Optional.empty();
        }
    }

    /** Starts watching a folder, if it is not watched yet. */
    void watch(Path folder) {
        if (service.isPresent() && watched.add(folder)) {
            try {
                folder.register(
                        service.get(), StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
                notWatchable.remove(folder);
            } catch (NoSuchFileException _) {
                watched.remove(folder); // the scan reports it
            } catch (IOException e) {
                watched.remove(folder); // the next scan tries again
                if (notWatchable.add(folder)) {
                    LOG.warn(
                            "The system does not report new files in {} ({}). They are found at the next regular scan"
                                    + " instead; nothing needs to be done.",
                            SafeExcerpt.line(folder),
                            SafeExcerpt.line(e));
                }
            }
        }
    }

    private void report(WatchService watches, Runnable onChange) {
        try {
            while (true) {
                WatchKey key = watches.take();
                key.pollEvents();
                if (!key.reset() && key.watchable() instanceof Path gone) {
                    watched.remove(gone);
                }
                onChange.run();
            }
        } catch (ClosedWatchServiceException _) {
            // closed
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            if (service.isPresent()) {
                service.get().close();
            }
        } catch (IOException e) {
            LOG.warn("Could not stop watching folders at the end ({}); nothing needs to be done.", e.toString());
        }
    }
}
