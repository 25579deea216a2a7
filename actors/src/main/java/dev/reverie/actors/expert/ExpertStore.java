package dev.reverie.actors.expert;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stores expert trajectories by number; a trajectory consists of the parameters of an expert before the first epoch and
 * after each epoch. Thread safe.
 */
public sealed interface ExpertStore permits ExpertFolder, ExpertStore.InMemory {

    boolean has(int expert);

    /**
     * Stores a complete trajectory.
     *
     * @param epochs the parameters before the first epoch and after each epoch, one array per tensor
     * @throws dev.reverie.actors.DistillationException if the trajectory cannot be written
     */
    void put(int expert, List<List<float[]>> epochs);

    /**
     * The parameters of a stored expert after the given number of epochs.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if the parameters cannot be read
     */
    List<float[]> epoch(int expert, int epoch);

    /** Stores the trajectories of one run. */
    final class InMemory implements ExpertStore {

        private final Map<Integer, List<List<float[]>>> experts = new ConcurrentHashMap<>();

        @Override
        public boolean has(int expert) {
            return experts.containsKey(expert);
        }

        @Override
        public void put(int expert, List<List<float[]>> epochs) {
            experts.put(expert, List.copyOf(epochs));
        }

        @Override
        public List<float[]> epoch(int expert, int epoch) {
            return Objects.requireNonNull(experts.get(expert), "this expert was not trained")
                    .get(epoch);
        }
    }
}
