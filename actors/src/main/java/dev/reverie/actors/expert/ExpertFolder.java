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

/**
 * Experts as files {@code expert-000.npz}, {@code expert-001.npz} and so on, for this run and later ones on the same
 * data with the same network. The seed is noted, but whoever comes with another one may follow them as well. Thread
 * safe.
 *
 * @param path of the folder, created with the first expert
 * @param configuration what experts there must have in common with this run
 * @param seed of this run
 */
public record ExpertFolder(Path path, RunFingerprint configuration, long seed) implements ExpertStore {

    @Override
    public boolean has(int expert) {
        return file(expert).exists();
    }

    private TrajectoryFile file(int expert) {
        return new TrajectoryFile(path.resolve("expert-%03d.npz".formatted(expert)));
    }

    /**
     * Checks that a run can follow the first experts, as far as they are there.
     *
     * @throws DatasetException naming the first file that is damaged, foreign, or of another network, dataset or
     *     training
     */
    public void requireFitting(int experts) {
        for (int expert = 0; expert < experts; expert++) {
            TrajectoryFile file = file(expert);
            if (file.exists()) {
                new RunFingerprint(file.about())
                        .differenceFrom(configuration, "seed")
                        .ifPresent(difference -> {
                            throw new DatasetException("the expert " + file.path() + " does not fit this run ("
                                    + difference + "): give the same data and settings, or another folder for experts");
                        });
            }
        }
    }

    @Override
    public void keep(int expert, List<List<float[]>> epochs) {
        Map<String, String> about = new HashMap<>(configuration.entries());
        about.put("seed", Long.toString(seed));
        try {
            Files.createDirectories(path);
            file(expert).write(about, epochs);
        } catch (IOException failure) {
            throw new DistillationException(
                    "an expert is not saved: " + failure.getMessage() + "; make room or choose another folder",
                    failure);
        }
    }

    @Override
    public List<float[]> epoch(int expert, int epoch) {
        return file(expert).epoch(epoch);
    }
}
