package dev.reverie.actors.checkpoint;

import dev.reverie.gpu.dataset.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The file that keeps the state of a run. A new state replaces the old one as a whole: at any moment, also after a kill
 * or a power cut, the file holds one complete state.
 *
 * @param path of the file; its folder must exist
 */
public record CheckpointFile(Path path) {

    private static final long LARGEST = Integer.MAX_VALUE - 8L;

    /**
     * Replaces the state in the file.
     *
     * @throws CheckpointException if it can't be written; the earlier state, if any, is kept
     */
    public void write(Checkpoint checkpoint) {
        try {
            AtomicFile.write(path, out -> CheckpointFormat.write(checkpoint, out));
        } catch (IOException failure) {
            throw new CheckpointException(
                    "the checkpoint is not saved: " + failure.getMessage() + "; make room or choose another folder",
                    failure);
        }
    }

    /**
     * The state in the file, if it continues a run of this configuration.
     *
     * @throws CheckpointException if there is no file, or it is damaged, of another version or another configuration
     */
    public Checkpoint read(RunFingerprint configuration) {
        Checkpoint checkpoint = CheckpointFormat.decode(bytes(), path);
        checkpoint.configuration().differenceFrom(configuration).ifPresent(difference -> {
            throw new CheckpointException("the checkpoint " + path + " is of another run (" + difference
                    + "): give the same settings and data, or begin a new run elsewhere");
        });
        return checkpoint;
    }

    private byte[] bytes() {
        try {
            if (Files.size(path) > LARGEST) {
                throw new CheckpointException("the file " + path + " is too large to be a checkpoint: name another");
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException failure) {
            throw new CheckpointException(
                    "there is no checkpoint " + path + " to go on from: begin a new run", failure);
        } catch (IOException failure) {
            throw new CheckpointException(
                    "the checkpoint " + path + " can't be read (" + failure + "): check its permissions", failure);
        }
    }
}
