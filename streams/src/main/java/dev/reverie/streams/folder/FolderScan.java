package dev.reverie.streams.folder;

import dev.reverie.gpu.dataset.ImageFormat;
import dev.reverie.streams.decode.SafeExcerpt;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Iterates once over the files in a folder and its subfolders. Skips files and folders whose names begin with a dot,
 * files whose extension is not that of an image or a batch, and the folder {@code lost+found}, which file systems have
 * at their root and only root can list. Logs and skips what cannot be read.
 */
@SuppressWarnings("StreamResourceLeak") // the listing stays open between files, until close()
final class FolderScan implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FolderScan.class);

    private final Path root;
    private final Consumer<Path> onFolder;
    private final Set<Path> reported;
    private final Deque<Path> folders = new ArrayDeque<>();
    private final Set<Path> emptyFolders = new HashSet<>();
    private Path folder;
    private DirectoryStream<Path> listing;
    private Iterator<Path> entries;
    private boolean complete = true;
    private boolean isFolderReadable = true;

    /**
     * Starts a scan at the root.
     *
     * @param onFolder called with every folder before its files are listed
     * @param reported what was logged because it cannot be read. It is not logged again until it could be read; to be
     *     passed to all scans of the root
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

    /** Whether no folder or file had to be skipped so far because it cannot be read. */
    boolean isComplete() {
        return complete;
    }

    /** The subfolders in which no file was found so far. */
    Set<Path> emptyFolders() {
        return Set.copyOf(emptyFolders);
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
            Optional<BasicFileAttributes> attributes = attributes(path);
            if (isInRoot(path) && attributes.stream().anyMatch(BasicFileAttributes::isDirectory)) {
                folders.add(path);
            } else if (attributes.stream().anyMatch(each -> isCandidate(path, each))) {
                emptyFolders.remove(folder);
                return attributes.map(each -> FoundFile.of(root, root.relativize(path), each));
            }
        }
        return Optional.empty();
    }

    /** The attributes of an entry; empty if it was deleted after it was listed, or if they cannot be read. */
    private Optional<BasicFileAttributes> attributes(Path path) {
        Path blamed = isInRoot(path) ? path : folder;
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (isInRoot(path) && !attributes.isDirectory()) {
                reported.remove(path);
            }
            return Optional.of(attributes);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            isFolderReadable = false;
            warnSkipped(blamed, e);
            return Optional.empty();
        }
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
            if (isFolderReadable) {
                reported.remove(folder);
            }
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
            isFolderReadable = true;
            emptyFolders.add(subfolder);
        } catch (IOException e) {
            warnSkipped(subfolder, e);
        }
    }

    private void warnSkipped(Path path, Exception failure) {
        complete = false;
        if (reported.add(path)) {
            LOG.warn(
                    "Cannot read {}, so it is skipped ({}). Check its permissions and its drive; every further scan tries"
                            + " again.",
                    SafeExcerpt.line(path),
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
    private static boolean isCandidate(Path path, BasicFileAttributes attributes) {
        String name = path.getFileName().toString();
        boolean isRead =
                SampleFileReader.hasArrays(name) || ImageFormat.promisedBy(name).isPresent();
        return attributes.isSymbolicLink() || (isRead && attributes.isRegularFile());
    }

    @Override
    public void close() throws IOException {
        listing.close();
    }
}
