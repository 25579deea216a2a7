package dev.reverie.actors.intake;

import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import java.util.function.Function;

/**
 * The heap memory that synthetic images take, and the number of images and classes for which there is enough. With many
 * classes, each has fewer images than the settings say.
 *
 * @param settings returns the distillation settings for images of a given shape
 * @param heapBytes maximum heap memory for the synthetic images of all classes, in bytes
 */
public record ClassMemoryCost(Function<ImageShape, DistillationSettings> settings, long heapBytes) {

    /**
     * Bytes for each value of a stored image: the images, their velocity and their average in floats, and what clients
     * read, in the memory that they read, in the one that replaces it, in the one that is being evaluated, and in the
     * file that they download. A picture has less than a byte for each value.
     */
    private static final int STORED_BYTES = 3 * Float.BYTES + 4;

    /** Bytes for each value of a decoded image, which only the file contains. */
    private static final int DECODED_BYTES = 1;

    /** The class names and the growth of incompressible images add less than one byte to this many. */
    private static final int FILE_OVERHEAD = 100;

    /** Heap memory for the most synthetic images that a class with images of the given shape can have, in bytes. */
    public long bytes(ImageShape shape) {
        return imageBytes(shape) * settings.apply(shape).ipc();
    }

    /** Maximum number of classes with images of the given shape, at least 0. */
    public int maxClasses(ImageShape shape) {
        return Math.clamp(fitting(shape) / fewest(shape), 0, Integer.MAX_VALUE);
    }

    /** Maximum number of images of a class, if there are so many classes. */
    public int images(ImageShape shape, int classes) {
        return Math.clamp(
                fitting(shape) / Math.max(1, classes),
                fewest(shape),
                settings.apply(shape).ipc());
    }

    /** Whether a larger heap would allow more images of the given shape. */
    boolean isLimitedByHeap(ImageShape shape) {
        return fitting(shape) == fittingIntoHeap(shape);
    }

    /** The number of images to which classes can be reduced, so that others fit beside them. */
    private int fewest(ImageShape shape) {
        return Math.min(ClassCommand.FEW_IMAGES, settings.apply(shape).ipc());
    }

    private long fitting(ImageShape shape) {
        return Math.min(fittingIntoHeap(shape), Integer.MAX_VALUE / longestArrayBytes(shape));
    }

    private long fittingIntoHeap(ImageShape shape) {
        return heapBytes / imageBytes(shape);
    }

    private long imageBytes(ImageShape shape) {
        return shape.size() * (STORED_BYTES + (long) DECODED_BYTES * cells(shape));
    }

    /**
     * Bytes of a synthetic image in the longest array, that of the file, which has the stored and the decoded images,
     * one byte per value, and their labels. A file with floats is longer, so clients cannot download all images of very
     * many classes in floats.
     */
    private long longestArrayBytes(ImageShape shape) {
        long file = (1L + cells(shape)) * (shape.size() + Long.BYTES);
        return file + Math.ceilDiv(file, FILE_OVERHEAD);
    }

    /** Number of images to which a stored image decodes. */
    private int cells(ImageShape shape) {
        int factor = settings.apply(shape).factor();
        return factor * factor;
    }
}
