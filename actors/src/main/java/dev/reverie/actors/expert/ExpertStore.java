package dev.reverie.actors.expert;

import java.util.List;

/**
 * Stores expert trajectories by number; a trajectory consists of the parameters of an expert before the first epoch and
 * after each epoch.
 */
public sealed interface ExpertStore permits ExpertFolder, InMemoryExperts {

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
}
