package dev.reverie.actors.store;

import dev.reverie.gpu.dataset.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Creates the store in a folder as a whole or not at all, even if the process is killed. */
public final class NewStore {

    /** A folder for the incomplete store. It is in the folder of the store, so that both are in one file system. */
    private static final String INCOMPLETE = ".incomplete-store";

    private NewStore() {}

    @FunctionalInterface
    public interface Content<R> {
        R writeTo(Store store) throws IOException;
    }

    /**
     * Creates and closes a store. No other process can use the folder meanwhile. If this fails, the folder has no
     * store, and is otherwise as it was.
     *
     * @return the result of {@code content}
     * @throws StoreException if the folder has a store already, is in use by another process, or cannot be written to
     */
    public static <R> R create(Path folder, Content<R> content) throws IOException {
        try (FolderLock _ = StoreOpening.lockFolder(folder)) {
            if (Store.existsIn(folder)) {
                throw new StoreException("the folder " + folder + " contains a store already: name another folder");
            }
            return createLocked(folder, content);
        }
    }

    private static <R> R createLocked(Path folder, Content<R> content) throws IOException {
        Path incomplete = folder.resolve(INCOMPLETE);
        deleteFolder(incomplete);
        try {
            R result;
            try (Store store = Store.inFolder(incomplete)) {
                result = content.writeTo(store);
                store.emptyLog();
            }
            Path file = incomplete.resolve(Store.FILE);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            AtomicFile.move(file, folder.resolve(Store.FILE));
            return result;
        } finally {
            deleteFolder(incomplete);
        }
    }

    /**
     * Requires that the folder is not that of a store whose creation was interrupted.
     *
     * @throws StoreException if it is
     */
    static void requireNotInterrupted(Path folder) {
        if (!Store.existsIn(folder) && Files.exists(folder.resolve(INCOMPLETE))) {
            throw new StoreException("the restore into the folder " + folder
                    + " was interrupted: restore the backup again, or delete " + folder.resolve(INCOMPLETE)
                    + " to start a new store");
        }
    }

    private static void deleteFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            List<Path> files;
            try (Stream<Path> found = Files.list(folder)) {
                files = found.toList();
            }
            files.forEach(NewStore::deleteQuietly);
            deleteQuietly(folder);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException remains) {
            // The next attempt deletes it; the reason of a failure must not be hidden by this one.
        }
    }
}
