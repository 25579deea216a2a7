package dev.reverie.actors.expert;

import java.util.List;

/** Keeps experts by number: the parameters of each before the first and after every epoch of its training. */
public sealed interface ExpertStore permits ExpertFolder, ExpertMemory {

    boolean has(int expert);

    /**
     * Keeps a whole trajectory.
     *
     * @param epochs the parameters before the first and after each epoch, one array a tensor
     * @throws dev.reverie.actors.DistillationException if it can't be written
     */
    void keep(int expert, List<List<float[]>> epochs);

    /**
     * The parameters of an expert there is, after so many epochs.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if they can't be read
     */
    List<float[]> epoch(int expert, int epoch);
}
