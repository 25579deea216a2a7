package dev.reverie.deploy.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.actors.store.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

public record RunFolder(Path path) {

    /** The distilled set, as NPZ. */
    public Path set() {
        return path.resolve("synthetic.npz");
    }

    /** The distilled set as a picture of each class, in a zip; does not exist for a set with soft labels. */
    public Path pictures() {
        return path.resolve("synthetic.zip");
    }

    /** The stored images as a picture, one row per class. */
    public Path picture() {
        return path.resolve("synthetic.png");
    }

    /** The history, with one row per inner loop. */
    public Path history() {
        return path.resolve("history.csv");
    }

    /** The settings, machine and outcome of the run. */
    public Path manifest() {
        return path.resolve("run.json");
    }

    /** The state from which an interrupted run continues. */
    public Path checkpoint() {
        return path.resolve("checkpoint.bin");
    }

    /** The network that chose and labelled the images; exists only for RDED. */
    public Path observer() {
        return path.resolve("observer.npz");
    }

    /** The observer next to a set, if there is one. */
    public static Optional<Path> observerOf(Path set) {
        return Optional.of(nextTo(set).observer()).filter(Files::isReadable);
    }

    private static RunFolder nextTo(Path set) {
        Path absolute = set.toAbsolutePath();
        return new RunFolder(Optional.ofNullable(absolute.getParent()).orElse(absolute));
    }

    /** The expert trajectories, unless another folder is given. */
    public Path experts() {
        return path.resolve("experts");
    }

    /**
     * Reads the manifest next to a set; empty if the set is not in the folder of a run, or if the file is foreign or
     * incomplete.
     */
    public static Optional<JsonNode> manifestOf(Path set) {
        RunFolder folder = nextTo(set);
        if (!List.of(folder.set(), folder.pictures()).contains(set.toAbsolutePath())
                || !Files.isReadable(folder.manifest())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ObjectMapper().readTree(folder.manifest().toFile()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /**
     * Checks that a run can be resumed, or that a new run does not overwrite another.
     *
     * @throws InputException if there is no checkpoint to resume, or the folder already contains a run
     */
    public void requireReady(boolean resume) {
        boolean hasCheckpoint = Files.isRegularFile(checkpoint());
        if (resume && hasCheckpoint) {
            return;
        }
        List<String> present = files().filter(this::holdsSomething)
                .map(file -> file.getFileName().toString())
                .toList();
        if (resume) {
            throw new InputException(path + " contains no checkpoint to resume: omit --resume to start a new run"
                    + (present.isEmpty() ? "" : ", and name another folder with --out"));
        }
        if (!present.isEmpty()) {
            throw new InputException(path + " already contains a run (" + String.join(", ", present) + "): "
                    + (hasCheckpoint ? "add --resume to continue it, or name" : "name")
                    + " another folder with --out");
        }
    }

    /**
     * Returns whether a file contains results; a run that fails early leaves a history without rows, which contains
     * none.
     */
    private boolean holdsSomething(Path file) {
        try {
            return Files.exists(file)
                    && !(file.equals(history()) && Files.readAllLines(file).size() <= 1);
        } catch (IOException unreadable) {
            return true;
        }
    }

    /**
     * Deletes the files of an earlier run, and nothing else.
     *
     * @throws InputException if the folder is not writable
     * @throws java.io.UncheckedIOException if its disk fails
     */
    public void clear() {
        try {
            for (Path file : files().toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw output().unwritable(e);
        }
    }

    /** Creates the folder and checks that it is writable, as {@link OutputFolder#create}. */
    public void create() {
        output().create();
    }

    public FolderLock lock() {
        return output().lock();
    }

    private OutputFolder output() {
        return new OutputFolder(path, "output", "--out");
    }

    private Stream<Path> files() {
        return Stream.of(set(), pictures(), picture(), history(), manifest(), checkpoint(), observer());
    }
}
