package dev.reverie.actors.intake;

import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.gpu.method.DistillationSettings;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * The settings and dependencies of an intake.
 *
 * @param settings returns the distillation settings for images of a given shape
 * @param size size to which the ingest sources resize all images; the service then brings grey and colour images to the
 *     channels of its first image; if empty, all images must have the same shape
 * @param retention deletes old events and forgotten classes from the store
 * @param damage the actors whose rows in the store are damaged
 * @param clock clock for recording when synthetic images change and when classes fail
 * @param testShare share of the images of each class that are set aside for testing, in [0, 0.5]
 * @param maxAge age at which real images leave their class; empty if images of any age stay
 * @param learnedBytes maximum heap memory for the synthetic images of all classes, in bytes
 */
public record IntakePlan(
        Function<ImageShape, DistillationSettings> settings,
        IntakeLimits limits,
        Optional<TargetSize> size,
        Retention retention,
        StoreDamage damage,
        InstantSource clock,
        double testShare,
        Optional<MaxAge> maxAge,
        long learnedBytes) {

    /**
     * Bytes for each value of a stored image. Floats: images, velocity and average, in three copies each (the current
     * one, the one stored last, and the one being stored), and the images in the memory and in the one that replaces
     * it. Bytes: the images in both memories.
     */
    private static final int STORED_BYTES = 11 * Float.BYTES + 2;

    /**
     * Bytes for each value of a decoded image: one in the memory, two in the one that replaces it, whose classes are
     * decoded and then joined, and one in the file that clients download.
     */
    private static final int DECODED_BYTES = 4;

    /** The class names and the growth of incompressible images add less than one byte to this many. */
    private static final int FILE_OVERHEAD = 100;

    /** Whether an image of a shape can be brought to the shape of the service by a change of its channels. */
    boolean isConvertible(ImageShape shape, ImageShape toService) {
        return shape.equals(toService)
                || size.filter(resized -> resized.fits(shape) && resized.fits(toService))
                        .isPresent();
    }

    /** Maximum number of classes with images of the given shape, at least 0. */
    public int maxClasses(ImageShape shape) {
        long fitting = Math.min(learnedBytes / classBytes(shape), Integer.MAX_VALUE / longestArrayBytes(shape));
        return (int) Math.min(limits.classes(), fitting);
    }

    /** Heap memory for the synthetic images of one class with images of the given shape, in bytes. */
    public long classBytes(ImageShape shape) {
        return values(shape) * (STORED_BYTES + (long) DECODED_BYTES * cells(shape));
    }

    /** Whether a larger heap would allow more classes with images of the given shape, within the limits. */
    boolean isLimitedByHeap(ImageShape shape) {
        return maxClasses(shape) == learnedBytes / classBytes(shape);
    }

    /**
     * Bytes of a class in the longest array: that of the stored images in floats, or that of the file, which has the
     * stored and the decoded images, one byte per value, and their labels. A file with floats is longer, so clients
     * cannot download all images of very many classes in floats.
     */
    private long longestArrayBytes(ImageShape shape) {
        long images = (1L + cells(shape)) * settings.apply(shape).ipc();
        long file = images * (shape.size() + Long.BYTES);
        return Math.max(values(shape) * Float.BYTES, file + file / FILE_OVERHEAD);
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
