package dev.reverie.deploy.run;

import dev.reverie.actors.store.FolderLock;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
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
 * A folder that is deleted with its content when it is closed. If the process is killed, or cannot delete the folder,
 * the next process of the same user that creates such a folder in the same place deletes it, if it can. The names of
 * the folder and of its lock belong to this class alone, so that no other folder is deleted.
 */
public record TemporaryFolder(Path path, FolderLock lock) implements AutoCloseable {

    private static final String PREFIX = ".reverie-temporary-";
    private static final String LOCK_FILE = "temporary.lock";

    /**
     * Creates a folder in an existing one, and deletes those that killed processes of the same user have left there.
     */
    public static TemporaryFolder in(Path parent) throws IOException {
        TemporaryFolder created = create(parent);
        try {
            abandonedIn(parent, created.path()).forEach(TemporaryFolder::deleteUnlessUsed);
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

    /** The other folders of the same user that may be abandoned. */
    private static List<Path> abandonedIn(Path parent, Path created) throws IOException {
        UserPrincipal owner = Files.getOwner(created, LinkOption.NOFOLLOW_LINKS);
        List<Path> abandoned = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path entry : entries) {
                if (!entry.equals(created)
                        && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(entry, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
                    abandoned.add(entry);
                }
            }
        }
        return abandoned;
    }

    private static void deleteUnlessUsed(Path folder) {
        Path file = folder.resolve(LOCK_FILE);
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(folder); // only if it is empty: a process was killed before or after it had the lock
                return;
            }
            Optional<FolderLock> lock = FolderLock.by(file);
            if (lock.isPresent()) {
                new TemporaryFolder(folder, lock.get()).close();
            }
        } catch (IOException | DirectoryIteratorException remains) {
            // It does no harm.
        }
    }

    /** Deletes the folder. The file of the lock is the last one, so that a folder with content is never without it. */
    @Override
    public void close() throws IOException {
        try (lock) {
            if (Files.exists(path)) {
                deleteContent();
            }
            Files.deleteIfExists(path.resolve(LOCK_FILE));
        }
        try {
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException locked) {
            // Another process has found the folder meanwhile. It deletes it.
        }
    }

    private void deleteContent() throws IOException {
        try (DirectoryStream<Path> content = Files.newDirectoryStream(path, file -> !file.endsWith(LOCK_FILE))) {
            for (Path file : content) {
                PathUtils.delete(file);
            }
        }
    }
}
