package dev.reverie.actors.schedule;

import java.util.List;

/** Chooses the images on which the matching network is trained. */
@FunctionalInterface
public interface TrainingSampler {

    /** Returns the indices of the next images. */
    List<ImageIndex> take(int count);

    /**
     * The index of a training image.
     *
     * @param output index of the network output for the class
     * @param index index into the images of the class, modulo their number
     */
    record ImageIndex(int output, int index) {}
}
