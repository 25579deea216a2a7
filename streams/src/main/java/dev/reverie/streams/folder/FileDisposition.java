package dev.reverie.streams.folder;

import dev.reverie.streams.decode.SafeExcerpt;
import dev.reverie.streams.folder.FolderSettings.After;
import dev.reverie.streams.ingest.ItemDelivery;
import dev.reverie.streams.ingest.Refusal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does with files as the settings say when their fate is known. What was written to or replaced since it was read stays
 * where it is. A file that cannot be moved or deleted stays too, with a warning: it is settled all the same.
 */
final class FileDisposition implements ItemDelivery.Outcome<FoundFile> {

    private static final Logger LOG = LoggerFactory.getLogger(FileDisposition.class);
    private static final int LONGEST_NAME = 200;

    private final After after;
    private final Executor executor;

    FileDisposition(After after, Executor executor) {
        this.after = after;
        this.executor = executor;
    }

    @Override
    public CompletionStage<Done> admitted(FoundFile file) {
        return switch (after) {
            case LEAVE -> CompletableFuture.completedStage(Done.getInstance());
            case MOVE -> done(file, () -> move(file, ".done"));
            case DELETE -> done(file, () -> Files.delete(file.path()));
        };
    }

    @Override
    public CompletionStage<Done> refused(FoundFile file, Refusal refusal) {
        LOG.warn("refused the file {} ({}): {}", shown(file), refusal.reason(), refusal.detail());
        return after == After.LEAVE
                ? CompletableFuture.completedStage(Done.getInstance())
                : done(file, () -> {
                    Path moved = move(file, ".refused");
                    note(moved.resolveSibling(moved.getFileName() + ".txt"), refusal);
                });
    }

    private static void note(Path note, Refusal refusal) {
        try {
            Files.writeString(
                    note,
                    refusal.reason() + ": " + refusal.detail() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            LOG.warn("why a file was refused can't be noted beside it: {}", e.toString());
        }
    }

    /** Work on files. */
    private interface Step {
        void run() throws IOException;
    }

    private CompletionStage<Done> done(FoundFile file, Step step) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        if (file.isUnchanged()) {
                            step.run();
                        }
                    } catch (IOException e) {
                        LOG.warn("the file {} is settled but stays where it is: {}", shown(file), e.toString());
                    }
                    return Done.getInstance();
                },
                executor);
    }

    /** A file of the same name that is there already keeps it; the new one is told apart by what it looked like. */
    private static Path move(FoundFile file, String folder) throws IOException {
        Path target = parent(file, folder).resolve(file.path().getFileName());
        Path free = Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                ? target.resolveSibling(Long.toHexString(file.print()) + "-" + target.getFileName())
                : target;
        return Files.move(file.path(), free, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Made folder by folder, as a link in the place of one must not lead out of the root. */
    private static Path parent(FoundFile file, String folder) throws IOException {
        Path parent = file.root();
        for (Path part : Path.of(folder, file.folder().stream().toArray(String[]::new))) {
            parent = parent.resolve(part);
            require(parent);
        }
        return parent;
    }

    /** Several files may need the same folder at once. */
    private static void require(Path folder) throws IOException {
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

    private static String shown(FoundFile file) {
        return SafeExcerpt.of(file.name().toString(), LONGEST_NAME);
    }
}
