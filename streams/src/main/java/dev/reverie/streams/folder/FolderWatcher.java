package dev.reverie.streams.folder;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystem;
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
 * Tells when something changed in some folders, as soon as the system says so. It may say nothing (on network drives),
 * or that it lost count: so this makes looks come sooner, and nothing depends on it.
 */
final class FolderWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FolderWatcher.class);

    private final Optional<WatchService> service;
    private final Set<Path> followed = ConcurrentHashMap.newKeySet();
    private final Set<Path> unfollowed = ConcurrentHashMap.newKeySet();

    /** Begins, without a folder. */
    FolderWatcher(FileSystem files, Runnable changed) {
        service = service(files);
        service.ifPresent(watches -> Thread.ofVirtual().name("folder-watch").start(() -> tell(watches, changed)));
    }

    private static Optional<WatchService> service(FileSystem files) {
        try {
            return Optional.of(files.newWatchService());
        } catch (IOException e) {
            LOG.warn("no folder can be watched, new files take until the next look: {}", e.toString());
            return Optional.empty();
        }
    }

    /** From now on tells of this folder, too. */
    void follow(Path folder) {
        if (service.isPresent() && followed.add(folder)) {
            try {
                folder.register(
                        service.get(), StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
                unfollowed.remove(folder);
            } catch (IOException e) {
                followed.remove(folder); // the next look tries again
                if (unfollowed.add(folder)) {
                    LOG.warn("{} cannot be watched, new files take until the next look: {}", folder, e.toString());
                }
            }
        }
    }

    private void tell(WatchService watches, Runnable changed) {
        try {
            while (true) {
                WatchKey key = watches.take();
                key.pollEvents();
                if (!key.reset() && key.watchable() instanceof Path gone) {
                    followed.remove(gone);
                }
                changed.run();
            }
        } catch (ClosedWatchServiceException _) {
            // This is how it ends.
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
            LOG.warn("watching folders did not end as it should: {}", e.toString());
        }
    }
}
