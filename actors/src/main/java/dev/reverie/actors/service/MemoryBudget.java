package dev.reverie.actors.service;

import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Limits the number of synthetic images in a service. If the budget sets a total, the total is divided equally among
 * the classes whenever a class is added or forgotten. Every class gets at least one image, even if that exceeds a
 * number of bytes or the total.
 *
 * @param imagesPerClass maximum number of images per class, unless {@code bytesPerClass} is set
 * @param bytesPerClass maximum size of the images of a class, in bytes
 * @param totalImages maximum total number of images of all classes
 * @param totalBytes maximum total size of the images of all classes, in bytes
 * @param bits bits per value of an image, which determine its size
 */
public record MemoryBudget(
        int imagesPerClass, OptionalLong bytesPerClass, OptionalInt totalImages, OptionalLong totalBytes, Bits bits) {

    public MemoryBudget {
        if (imagesPerClass < 1
                || bytesPerClass.orElse(1) < 1
                || totalImages.orElse(1) < 1
                || totalBytes.orElse(1) < 1) {
            throw new IllegalArgumentException("every limit of a memory budget must be at least 1");
        }
    }

    /** Creates a budget without a total, for images of 8 bits per value. */
    public static MemoryBudget perClass(int images) {
        return new MemoryBudget(images, OptionalLong.empty(), OptionalInt.empty(), OptionalLong.empty(), Bits.EIGHT);
    }

    public int imagesPerClass(ImageShape shape) {
        return bytesPerClass.isPresent()
                ? Math.clamp(bytesPerClass.getAsLong() / bits.bytesPerImage(shape), 1, Integer.MAX_VALUE)
                : imagesPerClass;
    }

    /** The number of images that each class may store. */
    public int share(int classes, ImageShape shape) {
        long total = Math.min(
                totalImages.isPresent() ? totalImages.getAsInt() : Long.MAX_VALUE,
                totalBytes.isPresent() ? totalBytes.getAsLong() / bits.bytesPerImage(shape) : Long.MAX_VALUE);
        return Math.clamp(total / Math.max(1, classes), 1, imagesPerClass(shape));
    }
}
