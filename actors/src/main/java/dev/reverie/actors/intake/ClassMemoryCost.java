package dev.reverie.actors.intake;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import java.util.function.Function;

/**
 * The heap memory that the synthetic images of a class take, and the number of classes for which there is enough.
 *
 * @param settings returns the distillation settings for images of a given shape
 * @param heapBytes maximum heap memory for the synthetic images of all classes, in bytes
 */
public record ClassMemoryCost(Function<ImageShape, DistillationSettings> settings, long heapBytes) {

    /**
     * Bytes for each value of a stored image: the images, their velocity and their average in floats, and the stored
     * images in bytes, in the memory that clients read, in the one that replaces it, in the one that is being
     * evaluated, and in the file that clients download.
     */
    private static final int STORED_BYTES = 3 * Float.BYTES + 4;

    /** Bytes for each value of a decoded image, which only the file contains. */
    private static final int DECODED_BYTES = 1;

    /** The class names and the growth of incompressible images add less than one byte to this many. */
    private static final int FILE_OVERHEAD = 100;

    /** Heap memory for the synthetic images of one class with images of the given shape, in bytes. */
    public long bytes(ImageShape shape) {
        return values(shape) * (STORED_BYTES + (long) DECODED_BYTES * cells(shape));
    }

    /** Maximum number of classes with images of the given shape, at least 0. */
    public int maxClasses(ImageShape shape) {
        return (int) Math.min(fitting(shape), Integer.MAX_VALUE / longestArrayBytes(shape));
    }

    /** Whether a larger heap would allow more classes with images of the given shape. */
    boolean isLimitedByHeap(ImageShape shape) {
        return maxClasses(shape) == fitting(shape);
    }

    private long fitting(ImageShape shape) {
        return heapBytes / bytes(shape);
    }

    /**
     * Bytes of a class in the longest array, that of the file, which has the stored and the decoded images, one byte
     * per value, and their labels. A file with floats is longer, so clients cannot download all images of very many
     * classes in floats.
     */
    private long longestArrayBytes(ImageShape shape) {
        long images = (1L + cells(shape)) * settings.apply(shape).ipc();
        long file = images * (shape.size() + Long.BYTES);
        return file + file / FILE_OVERHEAD;
    }

    /** Number of values of the stored images of a class. */
    private long values(ImageShape shape) {
        return (long) settings.apply(shape).ipc() * shape.size();
    }

    /** Number of images to which a stored image decodes. */
    private int cells(ImageShape shape) {
        int factor = settings.apply(shape).factor();
        return factor * factor;
    }
}
