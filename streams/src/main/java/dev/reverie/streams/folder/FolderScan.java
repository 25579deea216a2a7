package dev.reverie.streams.folder;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look through the folder and its subfolders, a file at a time. What begins with a dot is passed over, as are files
 * that are neither pictures nor batches by their name. A subfolder that cannot be listed is passed over with a warning.
 */
@SuppressWarnings("StreamResourceLeak") // a listing stays open from one file to the next; close() ends it
final class FolderScan implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FolderScan.class);

    private final Path root;
    private final Consumer<Path> visited;
    private final Deque<Path> folders = new ArrayDeque<>();
    private Path folder;
    private DirectoryStream<Path> listing;
    private Iterator<Path> entries;

    /**
     * Begins with the root.
     *
     * @param visited is told of every folder, before its files are listed
     * @throws IOException if the root cannot be listed
     */
    FolderScan(Path root, Consumer<Path> visited) throws IOException {
        this.root = root;
        this.visited = visited;
        visited.accept(root);
        this.folder = root;
        this.listing = Files.newDirectoryStream(root);
        this.entries = listing.iterator();
    }

    /**
     * The next file; empty when there is none.
     *
     * @throws IOException if the root cannot be listed any more
     */
    Optional<FoundFile> next() throws IOException {
        while (hasNext()) {
            Path path = entries.next();
            if (path.getFileName().toString().startsWith(".")) {
                continue;
            }
            if (isInRoot(path) && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                folders.add(path);
            } else if (isWanted(path)) {
                Optional<FoundFile> found = found(path);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private boolean hasNext() throws IOException {
        while (!hasEntry()) {
            if (folders.isEmpty()) {
                return false;
            }
            open(folders.remove());
        }
        return true;
    }

    private boolean hasEntry() throws IOException {
        try {
            return entries.hasNext();
        } catch (DirectoryIteratorException e) {
            if (folder.equals(root)) {
                throw e.getCause();
            }
            passOver(folder, e);
            return false;
        }
    }

    private void open(Path subfolder) throws IOException {
        listing.close();
        visited.accept(subfolder);
        try {
            listing = Files.newDirectoryStream(subfolder);
            entries = listing.iterator();
            folder = subfolder;
        } catch (IOException e) {
            passOver(subfolder, e);
        }
    }

    private static void passOver(Path folder, Exception failure) {
        LOG.warn("the folder {} cannot be listed, its files are passed over: {}", folder, failure.toString());
    }

    private boolean isInRoot(Path path) {
        return root.equals(path.getParent());
    }

    /** Links count as files: they are refused by name, not passed over in silence. */
    private boolean isWanted(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean named = Stream.of(".png", ".jpg", ".jpeg", ".npz").anyMatch(name::endsWith);
        return Files.isSymbolicLink(path) || (named && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS));
    }

    private Optional<FoundFile> found(Path path) {
        try {
            return Optional.of(FoundFile.at(root, root.relativize(path)));
        } catch (IOException _) { // gone since it was listed
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        listing.close();
    }
}
