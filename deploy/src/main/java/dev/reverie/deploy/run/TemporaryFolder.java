package dev.reverie.deploy.run;

import dev.reverie.actors.store.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/**
 * A folder that is deleted with its content when it is closed. If the process is killed, the next process that creates
 * such a folder in the same place deletes it.
 */
public record TemporaryFolder(Path path, FolderLock lock) implements AutoCloseable {

    private static final String PREFIX = ".store";
    private static final String LOCK_FILE = ".lock";

    /** Creates a folder in an existing one, and deletes those that killed processes have left there. */
    public static TemporaryFolder in(Path parent) throws IOException {
        for (Path folder : abandonedIn(parent)) {
            deleteUnlessLocked(folder);
        }
        Path path = Files.createTempDirectory(parent, PREFIX);
        FolderLock lock = FolderLock.by(path.resolve(LOCK_FILE))
                .orElseThrow(() -> new IOException("another process uses the new folder " + path + ": try again"));
        return new TemporaryFolder(path, lock);
    }

    /** The folders that may be abandoned: those with the file of a lock. */
    private static List<Path> abandonedIn(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(entry -> String.valueOf(entry.getFileName()).startsWith(PREFIX))
                    .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .filter(entry -> Files.isRegularFile(entry.resolve(LOCK_FILE), LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }

    private static void deleteUnlessLocked(Path folder) {
        try {
            Optional<FolderLock> lock = FolderLock.by(folder.resolve(LOCK_FILE));
            if (lock.isPresent()) {
                new TemporaryFolder(folder, lock.get()).close();
            }
        } catch (IOException ofAnotherUser) {
            // It does no harm.
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
        PathUtils.deleteDirectory(path);
    }
}
