package dev.reverie.actors.checkpoint;

import dev.reverie.gpu.dataset.AtomicFile;
import dev.reverie.gpu.dataset.FileErrorMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The checkpoint file of a run. A new checkpoint replaces the old one atomically, so the file always holds a complete
 * checkpoint, even if the process is killed or the power fails.
 *
 * @param path path of the file; its folder must exist
 */
public record CheckpointFile(Path path) {

    private static final long LARGEST = Integer.MAX_VALUE - 8L;

    /**
     * Replaces the checkpoint in the file.
     *
     * @throws CheckpointException if the checkpoint cannot be written; the file then still holds the earlier one
     */
    public void write(RunCheckpoint checkpoint) {
        try {
            AtomicFile.write(path, out -> CheckpointFormat.write(checkpoint, out));
        } catch (IOException failure) {
            throw new CheckpointException(
                    "the checkpoint could not be saved: " + failure.getMessage()
                            + "; free some disk space or choose another folder",
                    failure);
        }
    }

    /**
     * Reads the checkpoint in the file and checks that a run can resume from it.
     *
     * @throws CheckpointException if the file is missing or damaged, or has another format version or fingerprint
     */
    public RunCheckpoint read(RunFingerprint fingerprint) {
        RunCheckpoint checkpoint = CheckpointFormat.decode(bytes(), path);
        checkpoint.fingerprint().differenceFrom(fingerprint).ifPresent(difference -> {
            throw new CheckpointException("the checkpoint " + path + " is of another run (" + difference
                    + "); use the same data and options, including --time-limit, or start a new run in another"
                    + " folder with --out");
        });
        return checkpoint;
    }

    private byte[] bytes() {
        try {
            if (Files.size(path) > LARGEST) {
                throw new CheckpointException("the file " + path
                        + " is too large to be a checkpoint; start a new run in another folder with --out");
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException failure) {
            throw new CheckpointException(
                    "the checkpoint " + path + " does not exist; omit --resume to start a new run", failure);
        } catch (IOException failure) {
            throw new CheckpointException(
                    "the checkpoint " + path + " cannot be read (" + FileErrorMessages.describe(failure)
                            + "); check its permissions",
                    failure);
        }
    }
}
