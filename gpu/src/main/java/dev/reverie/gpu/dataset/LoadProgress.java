package dev.reverie.gpu.dataset;

/** Is told how many images have been read of those that are read at the start. Calls do not overlap. */
@FunctionalInterface
public interface LoadProgress {

    /** Ignores all calls. */
    LoadProgress NONE = (_, _) -> {};

    /**
     * Is called after each image, or after several.
     *
     * @param done images that have been read
     * @param total images to read, at least 1
     */
    void read(int done, int total);
}
