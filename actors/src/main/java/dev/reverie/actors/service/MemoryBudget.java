package dev.reverie.actors.service;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Limits the number of synthetic images in a service. If the budget sets a total, the total is divided equally among
 * the classes whenever a class is added or forgotten. Every class gets at least one image, even if that exceeds the
 * total.
 *
 * @param imagesPerClass maximum number of images per class
 * @param totalImages maximum total number of images of all classes
 * @param totalBytes maximum total size of the images of all classes, in bytes, at one byte per pixel and channel
 */
public record MemoryBudget(int imagesPerClass, OptionalInt totalImages, OptionalLong totalBytes) {

    public MemoryBudget {
        if (imagesPerClass < 1 || totalImages.orElse(1) < 1 || totalBytes.orElse(1) < 1) {
            throw new IllegalArgumentException("every limit of a memory budget must be at least 1");
        }
    }

    /** Creates a budget without a total. */
    public static MemoryBudget perClass(int images) {
        return new MemoryBudget(images, OptionalInt.empty(), OptionalLong.empty());
    }

    /**
     * The number of images that each class may store.
     *
     * @param classes number of classes
     * @param imageBytes bytes per image
     */
    int share(int classes, int imageBytes) {
        long total = Math.min(
                totalImages.isPresent() ? totalImages.getAsInt() : Long.MAX_VALUE,
                totalBytes.isPresent() ? totalBytes.getAsLong() / imageBytes : Long.MAX_VALUE);
        return Math.clamp(total / Math.max(1, classes), 1, imagesPerClass);
    }
}
