package dev.reverie.actors.service;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How many synthetic images may be stored. A total is dealt to all classes alike, anew with every class that arrives or
 * goes; a class has at least one image, also where that is more than the total.
 *
 * @param imagesPerClass at most
 * @param totalImages of all classes together
 * @param totalBytes of all classes together, a byte for each pixel of each channel
 */
public record MemoryBudget(int imagesPerClass, OptionalInt totalImages, OptionalLong totalBytes) {

    public MemoryBudget {
        if (imagesPerClass < 1 || totalImages.orElse(1) < 1 || totalBytes.orElse(1) < 1) {
            throw new IllegalArgumentException("a memory has room for at least one image");
        }
    }

    /** So many for each class, however many classes there are. */
    public static MemoryBudget perClass(int images) {
        return new MemoryBudget(images, OptionalInt.empty(), OptionalLong.empty());
    }

    /**
     * What one of so many classes may store.
     *
     * @param imageBytes of one image
     */
    int share(int classes, int imageBytes) {
        long total = Math.min(
                totalImages.isPresent() ? totalImages.getAsInt() : Long.MAX_VALUE,
                totalBytes.isPresent() ? totalBytes.getAsLong() / imageBytes : Long.MAX_VALUE);
        return Math.clamp(total / Math.max(1, classes), 1, imagesPerClass);
    }
}
