package dev.reverie.actors.store;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Locks a folder for one process by a file in it, which stays there: another process may be about to lock it. The
 * operating system releases the lock when the process ends, even if the process is killed.
 */
public final class FolderLock implements AutoCloseable {

    /**
     * Files that this process has locked or is locking. It must not open them again: an operating system may release
     * all locks of a file when one of its channels is closed.
     */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    /** The file by the real path of its folder. */
    private final Path file;

    private final FileChannel channel;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Creates a folder if there is none. Only its owner has access to the new folder, if the file system knows owners.
     *
     * @throws IOException if the folder cannot be created
     */
    static void createPrivate(Path folder) throws IOException {
        boolean owners = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        if (owners && Files.notExists(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(folder);
        }
    }

    /**
     * Locks a folder through a file in it. Creates the file if necessary.
     *
     * @return empty if another process has the lock, or this one
     * @throws IOException if the file cannot be written to
     */
    public static Optional<FolderLock> by(Path file) throws IOException {
        return lock(file, false, CREATE, WRITE);
    }

    /**
     * Locks a folder through an existing file in it, which is only read. Several processes can have such a lock at the
     * same time.
     *
     * @return empty if another process has the lock of {@link #by(Path)}, or this process has any lock of the file
     * @throws IOException if the file cannot be read
     */
    static Optional<FolderLock> shared(Path file) throws IOException {
        return lock(file, true, READ);
    }

    private static Optional<FolderLock> lock(Path file, boolean shared, OpenOption... options) throws IOException {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent())
                .orElseThrow(() -> new NoSuchFileException(file.toString()));
        Path own = folder.toRealPath().resolve(String.valueOf(file.getFileName()));
        if (!OWN.add(own)) {
            return Optional.empty();
        }
        Optional<FolderLock> locked = Optional.empty();
        try {
            FileChannel channel = FileChannel.open(own, options);
            if (tryLock(channel, shared)) {
                locked = Optional.of(new FolderLock(own, channel));
            } else {
                channel.close();
            }
        } finally {
            if (locked.isEmpty()) {
                OWN.remove(own);
            }
        }
        return locked;
    }

    /** Locks the first byte of a file; returns whether no other channel has locked it. */
    private static boolean tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, 1, shared) != null;
        } catch (OverlappingFileLockException sameProcess) {
            return false;
        }
    }

    /** Releases the lock. Does nothing if it has been released before. */
    @Override
    public void close() {
        if (open.getAndSet(false)) {
            try {
                channel.close();
            } catch (IOException ignored) {
                // The lock is released with the process.
            } finally {
                OWN.remove(file);
            }
        }
    }
}
