package dev.reverie.streams.folder;

import dev.reverie.streams.decode.SafeExcerpt;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Iterates once over the files in a folder and its subfolders. Skips files and folders whose names begin with a dot,
 * files whose extension is not that of an image or a batch, and the folder {@code lost+found}, which file systems have
 * at their root and only root can list. Logs and skips subfolders that cannot be listed.
 */
@SuppressWarnings("StreamResourceLeak") // the listing stays open between files, until close()
final class FolderScan implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FolderScan.class);

    private final Path root;
    private final Consumer<Path> onFolder;
    private final Set<Path> reported;
    private final Deque<Path> folders = new ArrayDeque<>();
    private Path folder;
    private DirectoryStream<Path> listing;
    private Iterator<Path> entries;
    private boolean complete = true;

    /**
     * Starts a scan at the root.
     *
     * @param onFolder called with every folder before its files are listed
     * @param reported the subfolders that were logged because they cannot be listed. They are not logged again until
     *     they could be listed; to be passed to all scans of the root
     * @throws IOException if the root cannot be listed
     */
    FolderScan(Path root, Consumer<Path> onFolder, Set<Path> reported) throws IOException {
        this.root = root;
        this.onFolder = onFolder;
        this.reported = reported;
        onFolder.accept(root);
        this.folder = root;
        this.listing = Files.newDirectoryStream(root);
        this.entries = listing.iterator();
    }

    /** Whether no folder or file had to be skipped so far because it can't be read. */
    boolean isComplete() {
        return complete;
    }

    /**
     * Returns the next file, or empty at the end of the scan.
     *
     * @throws IOException if the root cannot be listed any more
     */
    Optional<FoundFile> next() throws IOException {
        while (hasNext()) {
            Path path = entries.next();
            if (isIgnored(path)) {
                continue;
            }
            if (isInRoot(path) && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                folders.add(path);
            } else if (isCandidate(path)) {
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
            if (entries.hasNext()) {
                return true;
            }
            reported.remove(folder);
            return false;
        } catch (DirectoryIteratorException e) {
            if (folder.equals(root)) {
                throw e.getCause();
            }
            warnSkipped(folder, e);
            return false;
        }
    }

    private void open(Path subfolder) throws IOException {
        listing.close();
        onFolder.accept(subfolder);
        try {
            listing = Files.newDirectoryStream(subfolder);
            entries = listing.iterator();
            folder = subfolder;
        } catch (IOException e) {
            warnSkipped(subfolder, e);
        }
    }

    private void warnSkipped(Path folder, Exception failure) {
        complete = false;
        if (reported.add(folder)) {
            LOG.warn(
                    "Cannot list the folder {}, so its files are skipped ({}). Check its permissions; every further"
                            + " scan tries again.",
                    SafeExcerpt.line(folder),
                    SafeExcerpt.line(failure));
        }
    }

    private boolean isIgnored(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(".") || (isInRoot(path) && name.equals("lost+found"));
    }

    private boolean isInRoot(Path path) {
        return root.equals(path.getParent());
    }

    /** Accepts all symbolic links, so that they are refused with a message later and not skipped. */
    private boolean isCandidate(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean hasExtension = Stream.of(".png", ".jpg", ".jpeg", ".npz").anyMatch(name::endsWith);
        return Files.isSymbolicLink(path) || (hasExtension && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS));
    }

    private Optional<FoundFile> found(Path path) {
        try {
            return Optional.of(FoundFile.at(root, root.relativize(path)));
        } catch (NoSuchFileException _) { // deleted after it was listed
            return Optional.empty();
        } catch (IOException e) {
            complete = false;
            LOG.warn(
                    "Cannot read the file {}, so it is skipped ({}). Check its permissions; the next scan tries again.",
                    SafeExcerpt.line(path),
                    SafeExcerpt.line(e));
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        listing.close();
    }
}
