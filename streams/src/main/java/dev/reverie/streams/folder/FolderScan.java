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
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Iterates once over the files in a folder and its subfolders. Skips files and folders whose names begin with a dot and
 * the folder {@code lost+found}, which file systems have at their root and only root can list. Passes over, and counts,
 * deeper folders and files whose extension is not that of an image or a batch. Logs and skips what cannot be read.
 */
@SuppressWarnings("StreamResourceLeak") // the listing stays open between files, until close()
final class FolderScan implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FolderScan.class);

    private static final int MAX_NAMED = 20;

    private final Path root;
    private final boolean followLinks;
    private final Consumer<Path> onFolder;
    private final Set<Path> reported;
    private final Deque<Path> folders = new ArrayDeque<>();
    private final Set<Path> emptyFolders = new HashSet<>();
    private Path folder;
    private DirectoryStream<Path> listing;
    private Iterator<Path> entries;
    private final List<String> named = new ArrayList<>();
    private int passedOver;
    private boolean complete = true;
    private boolean isFolderReadable = true;

    /**
     * Starts a scan at the root.
     *
     * @param followLinks whether to follow symbolic links whose target is below the root
     * @param onFolder called with every folder before its files are listed
     * @param reported what was logged because it cannot be read. It is not logged again until it could be read; to be
     *     passed to all scans of the root
     * @throws IOException if the root cannot be listed
     */
    FolderScan(Path root, boolean followLinks, Consumer<Path> onFolder, Set<Path> reported) throws IOException {
        this.root = root;
        this.followLinks = followLinks;
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

    /** The number of entries so far that are neither pictures nor batches, deeper folders included. */
    int passedOver() {
        return passedOver;
    }

    /** The names of the first of these entries. */
    List<String> namesPassedOver() {
        return List.copyOf(named);
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
            if (isInRoot(path) && attributes.stream().anyMatch(each -> isFolder(path, each))) {
                folders.add(path);
            } else if (attributes.stream().anyMatch(each -> isCandidate(path, each))) {
                Optional<FoundFile> found = followLinks ? found(path) : attributes.map(each -> found(path, each));
                if (found.isPresent()) {
                    emptyFolders.remove(folder);
                    return found;
                }
            } else if (attributes.isPresent() && ++passedOver <= MAX_NAMED) {
                named.add(root.relativize(path).toString());
            }
        }
        return Optional.empty();
    }

    private boolean isFolder(Path path, BasicFileAttributes attributes) {
        return attributes.isDirectory()
                || (followLinks
                        && attributes.isSymbolicLink()
                        && Files.isDirectory(path)
                        && FoundFile.target(root, root.relativize(path)).isPresent());
    }

    private FoundFile found(Path path, BasicFileAttributes attributes) {
        Path name = root.relativize(path);
        return FoundFile.of(root, name, name, attributes);
    }

    private Optional<FoundFile> found(Path path) {
        try {
            return Optional.of(FoundFile.at(root, root.relativize(path), followLinks));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            isFolderReadable = false;
            warnSkipped(path, e);
            return Optional.empty();
        }
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
        } catch (NoSuchFileException _) {
            // deleted since it was listed
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

    /** Accepts all symbolic links unless they are followed, so that they are refused later and not skipped. */
    private boolean isCandidate(Path path, BasicFileAttributes attributes) {
        String name = path.getFileName().toString();
        boolean isRead =
                SampleFileReader.hasArrays(name) || ImageFormat.promisedBy(name).isPresent();
        return attributes.isSymbolicLink() ? isRead || !followLinks : isRead && attributes.isRegularFile();
    }

    @Override
    public void close() throws IOException {
        listing.close();
    }
}
