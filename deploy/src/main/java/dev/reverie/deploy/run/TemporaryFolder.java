package dev.reverie.deploy.run;

import dev.reverie.actors.store.FolderLock;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.file.PathUtils;

/**
 * A folder that is deleted with its content when it is closed. If the process is killed, the next process that creates
 * such a folder in the same place deletes it.
 */
public record TemporaryFolder(Path path, FolderLock lock) implements AutoCloseable {

    private static final String PREFIX = ".store";
    private static final String LOCK_FILE = ".lock";

    /**
     * Creates a folder in an existing one, and deletes those that killed processes of the same user have left there.
     */
    public static TemporaryFolder in(Path parent) throws IOException {
        TemporaryFolder created = create(parent);
        try {
            abandonedIn(parent, created.path()).forEach(TemporaryFolder::deleteUnlessLocked);
        } catch (IOException | DirectoryIteratorException unreadable) {
            // The next process tries again.
        }
        return created;
    }

    private static TemporaryFolder create(Path parent) throws IOException {
        while (true) {
            Path path = Files.createTempDirectory(parent, PREFIX);
            try {
                Optional<FolderLock> lock = FolderLock.by(path.resolve(LOCK_FILE));
                if (lock.isPresent()) {
                    return new TemporaryFolder(path, lock.get());
                }
            } catch (NoSuchFileException deleted) {
                // Another process has found it before it was locked.
            }
        }
    }

    /** The other folders of the same user that may be abandoned: those with the file of a lock. */
    private static List<Path> abandonedIn(Path parent, Path created) throws IOException {
        UserPrincipal owner = Files.getOwner(created, LinkOption.NOFOLLOW_LINKS);
        List<Path> abandoned = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path entry : entries) {
                if (!entry.equals(created)
                        && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                        && Files.isRegularFile(entry.resolve(LOCK_FILE), LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(entry, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
                    abandoned.add(entry);
                }
            }
        }
        return abandoned;
    }

    private static void deleteUnlessLocked(Path folder) {
        try {
            Optional<FolderLock> lock = FolderLock.by(folder.resolve(LOCK_FILE));
            if (lock.isPresent()) {
                new TemporaryFolder(folder, lock.get()).close();
            }
        } catch (IOException remains) {
            // It does no harm.
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
        try {
            PathUtils.deleteDirectory(path);
        } catch (NoSuchFileException deleted) {
            // Another process has found it after it was unlocked.
        }
    }
}
