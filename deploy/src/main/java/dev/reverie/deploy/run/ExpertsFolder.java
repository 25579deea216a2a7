package dev.reverie.deploy.run;

import dev.reverie.actors.store.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of experts that several runs share, one after the other. */
public record ExpertsFolder(Path path) {

    /**
     * Creates the folder and keeps it for this process until the lock is closed, or the process ends.
     *
     * @throws InputException if another process has it, or it can't be written to
     */
    public FolderLock lock() {
        try {
            Files.createDirectories(path);
            return FolderLock.by(path.resolve(".lock"))
                    .orElseThrow(() -> new InputException("another process trains experts in " + path
                            + ": wait until it has ended, or name another folder with --experts"));
        } catch (IOException e) {
            throw new InputException("cannot write to the folder of experts " + path + " ("
                    + e.getClass().getSimpleName() + "): name one that is writable with --experts");
        }
    }
}
