package dev.reverie.deploy.run;

import dev.reverie.actors.store.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of expert trajectories that several runs can use, but not at the same time. */
public record ExpertsFolder(Path path) {

    /**
     * Checks that the folder can have the experts of a run that is resumed.
     *
     * @throws InputException if there is no folder
     */
    public void requirePresent() {
        if (Files.notExists(path)) {
            throw new InputException("there is no experts folder " + path
                    + " with which the run can be resumed: name the folder of its experts with --experts");
        }
    }

    /**
     * Creates the folder and locks it until the lock is closed or the process ends.
     *
     * @throws InputException if another process has locked the folder, or the folder is not writable
     * @throws java.io.UncheckedIOException if its disk fails
     */
    public FolderLock lock() {
        try {
            Files.createDirectories(path);
            return FolderLock.by(path.resolve(".lock"))
                    .orElseThrow(() -> new InputException("another process trains experts in " + path
                            + ": wait until it ends, or name another folder with --experts"));
        } catch (IOException e) {
            throw UnwritableFolder.exception("experts", path, "--experts", e);
        }
    }
}
