package dev.reverie.actors.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Locks a folder for one process. The operating system releases the lock when the process ends, even if the process is
 * killed.
 */
public final class FolderLock implements AutoCloseable {

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks a folder through a file in it. Creates the file if necessary.
     *
     * @return empty if another process has the lock
     * @throws IOException if the file can't be written to
     */
    public static Optional<FolderLock> by(Path file) throws IOException {
        return by(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE), false);
    }

    /**
     * Locks a folder through an existing file in it, which is only read. Several processes can have such a lock at the
     * same time.
     *
     * @return empty if another process has the lock of {@link #by(Path)}
     * @throws IOException if the file can't be read
     */
    static Optional<FolderLock> shared(Path file) throws IOException {
        return by(FileChannel.open(file, StandardOpenOption.READ), true);
    }

    private static Optional<FolderLock> by(FileChannel channel, boolean shared) throws IOException {
        if (tryLock(channel, shared) == null) {
            channel.close();
            return Optional.empty();
        }
        return Optional.of(new FolderLock(channel));
    }

    private static @Nullable FileLock tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
