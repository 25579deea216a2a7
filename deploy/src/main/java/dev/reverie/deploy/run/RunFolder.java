package dev.reverie.deploy.run;

import dev.reverie.actors.store.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder of one run, and the names of the files in it. */
public record RunFolder(Path path) {

    /** The distilled set, as NPZ. */
    public Path set() {
        return path.resolve("synthetic.npz");
    }

    /** The stored images as a picture, one row a class. */
    public Path picture() {
        return path.resolve("synthetic.png");
    }

    /** One row per inner loop. */
    public Path history() {
        return path.resolve("history.csv");
    }

    /** What was run, on what, and how it ended. */
    public Path manifest() {
        return path.resolve("run.json");
    }

    /** Where an interrupted run goes on. */
    public Path checkpoint() {
        return path.resolve("checkpoint.bin");
    }

    /** Experts of this run, unless they are kept elsewhere. */
    public Path experts() {
        return path.resolve("experts");
    }

    /**
     * Makes sure that a new run here would overwrite nothing.
     *
     * @throws InputException if there is a run in the folder already
     */
    public void requireNoRun() {
        List<String> present = files().filter(this::holdsSomething)
                .map(file -> file.getFileName().toString())
                .toList();
        if (!present.isEmpty()) {
            throw new InputException("there is a run in " + path + " already (" + String.join(", ", present)
                    + "): add --resume to go on with it, or name another folder with --out");
        }
    }

    /** A history without a row is left of a run that failed before its first checkpoint. */
    private boolean holdsSomething(Path file) {
        try {
            return Files.exists(file)
                    && !(file.equals(history()) && HistoryRow.read(file).isEmpty());
        } catch (IOException unreadable) {
            return true;
        }
    }

    /**
     * Makes sure that there is something to go on from.
     *
     * @throws InputException if there is no checkpoint in the folder
     */
    public void requireCheckpoint() {
        if (!Files.isRegularFile(checkpoint())) {
            throw new InputException(
                    "there is no checkpoint in " + path + " to go on from: leave out --resume to begin a new run");
        }
    }

    /**
     * Deletes the files of an earlier run, and nothing else.
     *
     * @throws InputException if they cannot be deleted
     */
    public void clear() {
        try {
            for (Path file : files().toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * Creates the folder and makes sure that files can be written there. Trying is the only test that sees permissions
     * and read-only file systems alike.
     *
     * @throws InputException if nothing can be written there
     */
    public void create() {
        try {
            Files.createDirectories(path);
            Path probe = Files.createTempFile(path, ".probe", "");
            Files.delete(probe);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * Keeps the folder for this process until the lock is closed, or the process ends.
     *
     * @throws InputException if another process has it, or it can't be written to
     */
    public FolderLock lock() {
        try {
            return FolderLock.by(path.resolve(".lock"))
                    .orElseThrow(() -> new InputException("another process writes to " + path
                            + ": wait until it has ended, or name another folder with --out"));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private Stream<Path> files() {
        return Stream.of(set(), picture(), history(), manifest(), checkpoint());
    }

    private InputException unwritable(IOException e) {
        return new InputException("cannot write to the output folder " + path + " ("
                + e.getClass().getSimpleName() + "): name one that is writable with --out");
    }
}
