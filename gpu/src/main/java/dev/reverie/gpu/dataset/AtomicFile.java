package dev.reverie.gpu.dataset;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.apache.commons.io.function.IOConsumer;

/**
 * Replaces a file as a whole or not at all: the content is written to a hidden file in the same folder; this file is
 * forced to disk and then renamed. Readers always see either the old file or the new one. If several processes write
 * the same file at the same time, the last one to finish replaces the files of the others. A hidden file is locked
 * while it is written, so the next writer deletes what killed processes have left before it needs space itself.
 */
public final class AtomicFile {

    private static final String SUFFIX = ".part";

    /** The byte that is locked; no file is so long, because some operating systems let nobody read a locked byte. */
    private static final long LOCKED = Long.MAX_VALUE - 1;

    /**
     * Names of the hidden files that this process writes. It must not open them to try their locks, because an
     * operating system may release all locks of a file when a process closes the file once.
     */
    private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

    private AtomicFile() {}

    /**
     * Writes {@code file}, whose folder must exist.
     *
     * @throws IOException if the file cannot be written, with a message that names the file and gives the reason. No
     *     temporary file remains, unless it cannot be deleted; then the next write deletes it. If only the last step
     *     failed, which forces the folder to the disk, then the file has the new content, but a power failure can bring
     *     back the old state. After any other failure, an existing file keeps its content
     */
    public static void write(Path file, IOConsumer<OutputStream> content) throws IOException {
        write(file, temporary(file), content, _ -> {});
    }

    /**
     * Writes {@code file} like {@link #write(Path, Content)}, but only its owner can read it, and it is verified before
     * it replaces an existing file.
     */
    public static void writePrivate(Path file, IOConsumer<OutputStream> content, IOConsumer<Path> verification)
            throws IOException {
        Path temporary = temporary(file);
        temporary.toFile().deleteOnExit(); // also if Ctrl-C ends the process
        write(file, temporary, content, verification, ownerOnly(file));
    }

    private static void write(
            Path file,
            Path temporary,
            IOConsumer<OutputStream> content,
            IOConsumer<Path> verification,
            FileAttribute<?>... attributes)
            throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("cannot write " + file + ": it is no regular file");
        }
        String name = String.valueOf(temporary.getFileName());
        OWN.add(name);
        try (FileChannel channel = FileChannel.open(
                temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            lock(channel, temporary);
            deleteAbandoned(file);
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
            content.accept(out);
            out.flush();
            channel.force(true);
            verification.accept(temporary); // may end the lock when it closes the file
            move(temporary, file);
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + FileErrorMessages.describe(e), e);
        } finally {
            delete(temporary);
            OWN.remove(name);
        }
    }

    /** Deletes the hidden file if it exists. A failure here must not hide why the file could not be written. */
    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException remains) {
            // The next write deletes it.
        }
    }

    /** Locks a new file until its channel is closed. Where there are no locks, nobody deletes the file as abandoned. */
    private static void lock(FileChannel channel, Path temporary) throws IOException {
        boolean locked;
        try {
            locked = tryLock(channel);
        } catch (IOException noLocks) {
            return;
        }
        if (!locked || Files.notExists(temporary)) {
            throw new IOException("another process has deleted its hidden file: try again");
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        return channel.tryLock(LOCKED, 1, false) != null;
    }

    private static Path temporary(Path file) throws IOException {
        String unique = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        return folderOf(file).resolve(prefix(file) + unique + SUFFIX);
    }

    private static String prefix(Path file) {
        return "." + file.getFileName() + ".";
    }

    /** Deletes what killed processes have left. What cannot be deleted remains until the next write. */
    private static void deleteAbandoned(Path file) {
        try (Stream<Path> entries = Files.list(folderOf(file))) {
            entries.filter(entry -> isTemporary(file, entry)).forEach(AtomicFile::deleteUnlessLocked);
        } catch (IOException | UncheckedIOException unreadable) {
            // The file can be written nevertheless.
        }
    }

    private static void deleteUnlessLocked(Path other) {
        try (FileChannel channel = FileChannel.open(other, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (tryLock(channel)) {
                Files.deleteIfExists(other);
            }
        } catch (IOException | OverlappingFileLockException remains) {
            // It is in use, or belongs to another user.
        }
    }

    private static boolean isTemporary(Path file, Path entry) {
        String name = String.valueOf(entry.getFileName());
        return name.startsWith(prefix(file))
                && name.endsWith(SUFFIX)
                && !OWN.contains(name)
                && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS);
    }

    private static Path folderOf(Path file) throws IOException {
        return Optional.ofNullable(file.toAbsolutePath().getParent())
                .filter(Files::isDirectory)
                .orElseThrow(() -> new IOException("cannot write " + file + ": its folder does not exist"));
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return isPosix(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * Gives a complete file, which has been forced to the disk, another name in the same file system, and replaces an
     * existing file. The folder is forced to the disk, too, without which a power failure could bring back the old
     * state.
     */
    public static void move(Path complete, Path file) throws IOException {
        Files.move(complete, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path folder = folderOf(file);
        if (isPosix(folder)) { // on Windows, Java cannot open a folder
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
