package dev.reverie.actors.schedule;

import java.util.List;

/** Which real images the matching network sees next. */
@FunctionalInterface
public interface TrainingSampler {

    /** Reads on: the next places. */
    List<Place> take(int count);

    /**
     * A real image by its place.
     *
     * @param label output of the network that stands for the class
     * @param index in the reservoir of that class; from the front again where there are fewer images
     */
    record Place(int label, int index) {}
}
