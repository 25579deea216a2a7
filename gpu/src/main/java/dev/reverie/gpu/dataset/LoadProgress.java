package dev.reverie.gpu.dataset;

/** Receives the number of files found so far, and then that of images read. Calls do not overlap. */
@FunctionalInterface
public interface LoadProgress {

    LoadProgress NONE = (_, _) -> {};

    /** Is called after each file of a folder that is listed, before any image is read. */
    default void found(int files) {}

    /** Is called if a folder has no test images, so that some of its {@code total} images become test images. */
    default void divided(int test, int total) {}

    /**
     * Is called after each image, or after several.
     *
     * @param total images that are read at the start, at least 1
     */
    void read(int done, int total);
}
