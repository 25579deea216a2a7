package dev.reverie.streams.folder;

import dev.reverie.streams.decode.SafeExcerpt;
import dev.reverie.streams.folder.FolderSettings.After;
import dev.reverie.streams.ingest.ItemDelivery;
import dev.reverie.streams.ingest.Refusal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves, moves or deletes files after their delivery, as configured, and notes in the {@link SeenFiles} that they are
 * finished. Leaves a file that has changed since it was read. Also leaves a file that cannot be moved or deleted, for
 * example because its folder has become a symbolic link, and logs a warning; the samples of the file are not affected.
 */
record FileDisposition(After after, Executor executor, SeenFiles seen) implements ItemDelivery.Disposition<FoundFile> {

    private static final Logger LOG = LoggerFactory.getLogger(FileDisposition.class);

    @Override
    public OptionalLong key(FoundFile file) {
        return OptionalLong.of(file.key());
    }

    @Override
    public String name(FoundFile file) {
        return file.name().toString();
    }

    @Override
    public CompletionStage<Done> accepted(FoundFile file) {
        return switch (after) {
            case LEAVE -> leave(file);
            case MOVE -> run(file, () -> move(file, ".done"));
            case DELETE -> run(file, () -> delete(file));
        };
    }

    @Override
    public CompletionStage<Done> refused(FoundFile file, Refusal refusal) {
        LOG.warn("Refused the file {} ({}): {}", SafeExcerpt.line(file.name()), refusal.reason(), refusal.detail());
        return after == After.LEAVE
                ? leave(file)
                : run(file, () -> {
                    Path moved = move(file, ".refused");
                    writeReason(file.root(), moved.resolveSibling(moved.getFileName() + ".txt"), refusal);
                });
    }

    private static void writeReason(Path root, Path name, Refusal refusal) {
        try (OpenFolder folder = OpenFolder.of(root, name)) {
            folder.write(name.getFileName(), refusal.reason() + ": " + refusal.detail() + "\n");
        } catch (IOException e) {
            LOG.warn(
                    "A refused file was moved, but the reason cannot be written to {} ({}). Make its folder writable.",
                    SafeExcerpt.line(root.resolve(name)),
                    SafeExcerpt.line(e));
        }
    }

    private CompletionStage<Done> leave(FoundFile file) {
        seen.finish(file);
        return CompletableFuture.completedStage(Done.getInstance());
    }

    private interface FileOperation {
        void run() throws IOException;
    }

    private CompletionStage<Done> run(FoundFile file, FileOperation operation) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        if (file.isUnchanged()) {
                            operation.run();
                        }
                    } catch (IOException | InvalidPathException e) {
                        warnUnlessGone(file, e);
                    }
                    if (isGone(file)) {
                        seen.remove(file);
                    } else {
                        seen.finish(file);
                    }
                    return Done.getInstance();
                },
                executor);
    }

    /** A file may be gone: its sender, or the node that watched the folder before, has moved or deleted it. */
    private static void warnUnlessGone(FoundFile file, Exception failure) {
        if (!isGone(file)) {
            LOG.warn(
                    "The file {} was processed, but cannot be moved or deleted ({}). It is not read again until the"
                            + " next start. Make its folder writable, or remove the file.",
                    SafeExcerpt.line(file.name()),
                    SafeExcerpt.line(failure));
        }
    }

    private static boolean isGone(FoundFile file) {
        return Files.notExists(file.path(), LinkOption.NOFOLLOW_LINKS);
    }

    private static void delete(FoundFile file) throws IOException {
        try (OpenFolder folder = OpenFolder.of(file.root(), file.name())) {
            folder.delete(file.name().getFileName());
        }
    }

    /**
     * Moves a file into a folder below the root. If that folder already has a file of this name, prefixes the name with
     * the key of the moved file. Uses the names as paths, because the bytes of a name need not be text in the encoding
     * of this process.
     *
     * @return the new path below the root
     */
    private static Path move(FoundFile file, String folder) throws IOException {
        Path target = file.name().getFileSystem().getPath(folder).resolve(file.name());
        ensureFolders(file.root(), target);
        Path unused = Files.exists(file.root().resolve(target), LinkOption.NOFOLLOW_LINKS)
                ? target.resolveSibling(Long.toHexString(file.key()) + "-" + target.getFileName())
                : target;
        try (OpenFolder from = OpenFolder.of(file.root(), file.name());
                OpenFolder to = OpenFolder.of(file.root(), unused)) {
            from.move(file.name().getFileName(), to, unused.getFileName());
        }
        return unused;
    }

    private static void ensureFolders(Path root, Path name) throws IOException {
        Path parent = root;
        for (int i = 0; i < name.getNameCount() - 1; i++) {
            parent = parent.resolve(name.getName(i));
            ensureFolder(parent);
        }
    }

    /** Creates the folder if necessary. Another thread may create it at the same time. */
    private static void ensureFolder(Path folder) throws IOException {
        try {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(folder);
            }
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }
}
