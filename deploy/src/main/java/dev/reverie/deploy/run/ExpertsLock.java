package dev.reverie.deploy.run;

import dev.reverie.actors.store.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps two runs from using a folder of expert trajectories at the same time. */
public record ExpertsLock(Path folder) {

    /**
     * Checks that the folder can have the experts of a run that is resumed.
     *
     * @throws InputException if there is no folder
     */
    public void requireFolder() {
        if (Files.notExists(folder)) {
            throw new InputException("there is no experts folder " + folder
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
            Files.createDirectories(folder);
            return FolderLock.by(folder.resolve(".lock"))
                    .orElseThrow(() -> new InputException("another process trains experts in " + folder
                            + ": wait until it ends, or name another folder with --experts"));
        } catch (IOException e) {
            throw UnwritableFolder.exception("experts", folder, "--experts", e);
        }
    }
}
