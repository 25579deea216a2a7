package dev.reverie.actors.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Locks a folder for one process. The operating system releases the lock when the process ends, even if the process is
 * killed.
 */
public final class FolderLock implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Locks a folder through a file in it. Creates the file if necessary.
     *
     * @return empty if another process has the lock
     * @throws IOException if the file can't be written to
     */
    public static Optional<FolderLock> by(Path file) throws IOException {
        while (true) {
            Optional<Object> key = key(file);
            if (key.isEmpty()) {
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                        .close();
                continue;
            }
            try {
                Optional<FolderLock> lock = by(file, StandardOpenOption.WRITE, false);
                if (key.equals(key(file))) {
                    return lock;
                }
                if (lock.isPresent()) { // of a file that another process has deleted meanwhile
                    lock.get().close();
                }
            } catch (NoSuchFileException deleted) {
                // Another process has deleted the file before it was opened.
            }
        }
    }

    /**
     * Locks a folder through an existing file in it, which is only read. Several processes can have such a lock at the
     * same time.
     *
     * @return empty if another process has the lock of {@link #by(Path)}
     * @throws IOException if the file can't be read
     */
    static Optional<FolderLock> shared(Path file) throws IOException {
        return by(file, StandardOpenOption.READ, true);
    }

    private static Optional<FolderLock> by(Path file, StandardOpenOption access, boolean shared) throws IOException {
        FileChannel channel = FileChannel.open(file, access);
        if (tryLock(channel, shared) == null) {
            channel.close();
            return Optional.empty();
        }
        return Optional.of(new FolderLock(file, channel));
    }

    private static @Nullable FileLock tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    /** Identifies a file even if another one gets its name; empty if there is no file. */
    private static Optional<Object> key(Path file) throws IOException {
        try {
            return Optional.of(Objects.requireNonNullElse(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey(), file));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    /** Releases the lock and deletes its file. The order makes sure that no other process has locked that file. */
    void delete() throws IOException {
        try (channel) {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
