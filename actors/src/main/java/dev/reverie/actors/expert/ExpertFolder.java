package dev.reverie.actors.expert;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.checkpoint.RunFingerprint;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.TrajectoryFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Stores expert trajectories as files {@code expert-000.npz}, {@code expert-001.npz} and so on, for this run and later
 * runs with the same data and the same network. The files record the seed, but runs with a different seed may also use
 * them. Thread safe.
 *
 * @param path path of the folder; created when the first expert is stored
 * @param fingerprint fingerprint that all experts in the folder must match, except for the seed
 */
public record ExpertFolder(Path path, RunFingerprint fingerprint, long seed) implements ExpertStore {

    @Override
    public boolean has(int expert) {
        return file(expert).exists();
    }

    private TrajectoryFile file(int expert) {
        return new TrajectoryFile(path.resolve("expert-%03d.npz".formatted(expert)));
    }

    /**
     * Checks that the experts in the folder fit this run. Only experts with numbers below {@code experts} are checked.
     *
     * @throws DatasetException if a file is damaged, is not a trajectory, or belongs to another network, dataset or
     *     training schedule; the message names the first such file
     */
    public void requireFitting(int experts) {
        for (int expert = 0; expert < experts; expert++) {
            TrajectoryFile file = file(expert);
            if (file.exists()) {
                new RunFingerprint(file.about())
                        .differenceFrom(fingerprint, "seed")
                        .ifPresent(difference -> {
                            throw new DatasetException(
                                    "the expert " + file.path() + " does not fit this run (" + difference
                                            + "); use the same data and settings, or name another folder with"
                                            + " --experts");
                        });
            }
        }
    }

    /**
     * Checks that the folder contains the experts that a resumed run has trained: those with numbers below
     * {@code experts}.
     *
     * @throws DatasetException if an expert is missing; the message names the first one
     */
    public void requireTrained(int experts) {
        IntStream.range(0, experts).filter(expert -> !has(expert)).findFirst().ifPresent(missing -> {
            throw new DatasetException("the folder " + path + " lacks expert " + missing
                    + ", with which this run has learned: name the folder of its experts with --experts, or start a"
                    + " new run in another folder with --out");
        });
    }

    @Override
    public void put(int expert, List<List<float[]>> epochs) {
        Map<String, String> about = new HashMap<>(fingerprint.entries());
        about.put("seed", Long.toString(seed));
        try {
            Files.createDirectories(path);
            file(expert).write(about, epochs);
        } catch (IOException failure) {
            throw new DistillationException(
                    "an expert could not be saved: " + failure.getMessage()
                            + "; free some disk space or choose another folder with --experts",
                    failure);
        }
    }

    @Override
    public List<float[]> epoch(int expert, int epoch) {
        return file(expert).epoch(epoch);
    }
}
