package dev.reverie.streams.folder;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * A folder of a watched root that is held open. Whoever may write to the root can replace a folder by a symbolic link
 * at any time, but the files that this object reads, writes, moves and deletes are those of the folder that was opened.
 * Where the file system cannot hold folders open, as on Windows, only the opening checks the path. Not thread safe.
 */
@SuppressWarnings("StreamResourceLeak") // the folder stays open until close()
final class OpenFolder implements Closeable {

    private final Path path;
    private final DirectoryStream<Path> stream;

    private OpenFolder(Path path, DirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
    }

    /**
     * Opens the folder of a file.
     *
     * @throws IOException if the folder does not exist, cannot be listed, or is behind a symbolic link
     */
    static OpenFolder of(Path root, Path name) throws IOException {
        OpenFolder folder = new OpenFolder(root, Files.newDirectoryStream(root));
        for (int i = 0; i < name.getNameCount() - 1; i++) {
            try (OpenFolder parent = folder) {
                folder = parent.subfolder(name.getName(i));
            } catch (IOException e) { // possibly only the parent could not be closed
                folder.close();
                throw e;
            }
        }
        return folder;
    }

    private OpenFolder subfolder(Path name) throws IOException {
        Path subfolder = path.resolve(name);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            if (!attributes(name).isDirectory()) { // opening would wait for a pipe, and leak the descriptor of a file
                throw new NotDirectoryException(subfolder.toString());
            }
            return new OpenFolder(subfolder, secure.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
        }
        if (!subfolder.toRealPath().equals(subfolder)) {
            throw new NotDirectoryException(subfolder.toString());
        }
        return new OpenFolder(subfolder, Files.newDirectoryStream(subfolder));
    }

    private BasicFileAttributes attributes(Path name) throws IOException {
        return stream instanceof SecureDirectoryStream<Path> secure
                ? secure.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .readAttributes()
                : Files.readAttributes(path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Opens a file, unless it is a symbolic link. Does not open a pipe, which would wait for its writer. */
    InputStream read(Path name) throws IOException {
        if (!attributes(name).isRegularFile()) {
            throw new IOException(path.resolve(name) + " is not a regular file");
        }
        return Channels.newInputStream(channel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }

    /**
     * Writes a text file. Replaces an existing file, symbolic link or pipe itself, because opening a pipe would wait
     * for its reader.
     */
    void write(Path name, String text) throws IOException {
        try {
            delete(name);
        } catch (NoSuchFileException _) {
            // the name is free
        }
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (OutputStream out = Channels.newOutputStream(channel(name, options))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private SeekableByteChannel channel(Path name, Set<OpenOption> options) throws IOException {
        return stream instanceof SecureDirectoryStream<Path> secure
                ? secure.newByteChannel(name, options)
                : Files.newByteChannel(path.resolve(name), options);
    }

    /** Deletes a file, or a symbolic link itself. */
    void delete(Path name) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            secure.deleteFile(name);
        } else {
            Files.delete(path.resolve(name));
        }
    }

    /**
     * Moves a file, or a symbolic link itself, into another folder, and replaces a file that has the new name. Between
     * drives, uses the paths of the folders.
     */
    void move(Path name, OpenFolder target, Path newName) throws IOException {
        if (!(stream instanceof SecureDirectoryStream<Path> from
                && target.stream instanceof SecureDirectoryStream<Path> to)) {
            moveByPath(name, target, newName);
            return;
        }
        try {
            from.move(name, to, newName);
        } catch (AtomicMoveNotSupportedException _) {
            moveByPath(name, target, newName);
        }
    }

    private void moveByPath(Path name, OpenFolder target, Path newName) throws IOException {
        Files.move(path.resolve(name), target.path.resolve(newName), StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
