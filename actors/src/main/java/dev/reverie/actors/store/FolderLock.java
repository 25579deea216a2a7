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
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Locks a folder for one process. The operating system releases the lock when the process ends, even if the process is
 * killed.
 */
public final class FolderLock implements AutoCloseable {

    /** The byte of the file that its owner has locked. */
    private static final long OWNED = 0;

    /**
     * Files that this process has locked or is locking. It must not open them again: an operating system may release
     * all locks of a file when one of its channels is closed.
     */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    /** The file by the real path of its folder. */
    private final Path file;

    private final List<FileChannel> channels;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private FolderLock(Path file, List<FileChannel> channels) {
        this.file = file;
        this.channels = channels;
    }

    /** Opens the channels of a lock, and returns none if another process has it. */
    private interface Locking {
        List<FileChannel> lock(Path file) throws IOException;
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
        return lock(file, FolderLock::lockExclusively);
    }

    private static Optional<FolderLock> lock(Path file, Locking locking) throws IOException {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent())
                .orElseThrow(() -> new NoSuchFileException(file.toString()));
        Path own = folder.toRealPath().resolve(String.valueOf(file.getFileName()));
        if (!OWN.add(own)) {
            return Optional.empty();
        }
        List<FileChannel> channels = List.of();
        try {
            channels = locking.lock(own);
        } finally {
            if (channels.isEmpty()) {
                OWN.remove(own);
            }
        }
        return channels.isEmpty() ? Optional.empty() : Optional.of(new FolderLock(own, channels));
    }

    private static List<FileChannel> lockExclusively(Path file) throws IOException {
        while (true) {
            FileChannel channel = FileChannel.open(file, CREATE, WRITE);
            if (!tryLock(channel, OWNED, false)) {
                channel.close();
                return List.of();
            }
            Optional<FileChannel> named = ifNamed(channel, file);
            if (named.isPresent()) {
                return List.of(channel, named.get());
            }
            channel.close();
        }
    }

    /**
     * Opens a file again if it still has its name, which another process may have deleted, and given to another file.
     * Files are compared by a lock, because the identity of an open file is not known, and a new file can get the
     * identity of a deleted one.
     *
     * @return the opened file, which must stay open as long as the lock
     */
    private static Optional<FileChannel> ifNamed(FileChannel channel, Path file) throws IOException {
        long mark = ThreadLocalRandom.current().nextLong(OWNED + 1, Long.MAX_VALUE);
        try {
            FileChannel named = FileChannel.open(file, WRITE);
            if (tryLock(channel, mark, false) && !tryLock(named, mark, false)) {
                return Optional.of(named);
            }
            named.close();
        } catch (NoSuchFileException deleted) {
            // No file has this name.
        }
        return Optional.empty();
    }

    /**
     * Locks a folder through an existing file in it, which is only read. Several processes can have such a lock at the
     * same time.
     *
     * @return empty if another process has the lock of {@link #by(Path)}, or this process has any lock of the file
     * @throws IOException if the file cannot be read
     */
    static Optional<FolderLock> shared(Path file) throws IOException {
        return lock(file, FolderLock::lockShared);
    }

    private static List<FileChannel> lockShared(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, READ);
        if (!tryLock(channel, OWNED, true)) {
            channel.close();
            return List.of();
        }
        return List.of(channel);
    }

    /** Locks a byte of a file; returns whether no other channel has locked it. */
    private static boolean tryLock(FileChannel channel, long position, boolean shared) throws IOException {
        try {
            return channel.tryLock(position, 1, shared) != null;
        } catch (OverlappingFileLockException sameProcess) {
            return false;
        }
    }

    /**
     * Releases the lock and deletes its file. The order makes sure that no other process has locked that file. Does
     * nothing if the lock has been released before.
     */
    public void delete() throws IOException {
        if (!open.get()) {
            return;
        }
        try {
            Files.deleteIfExists(file);
        } finally {
            close();
        }
    }

    /** Releases the lock. Does nothing if it has been released before. */
    @Override
    public void close() throws IOException {
        if (!open.getAndSet(false)) {
            return;
        }
        try {
            for (FileChannel channel : channels) {
                channel.close();
            }
        } finally {
            OWN.remove(file);
        }
    }
}
