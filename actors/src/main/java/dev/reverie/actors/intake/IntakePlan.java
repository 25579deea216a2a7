package dev.reverie.actors.intake;

import dev.reverie.actors.store.Retention;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * Settings and services that an intake needs.
 *
 * @param settings of the distillation, given the shape of the images
 * @param retention deletes old events and forgotten classes from the store
 * @param clock time source for changes of synthetic images and failures of classes
 * @param learnedBytes heap memory that the synthetic images of all classes may take
 */
public record IntakePlan(
        Function<ImageShape, DistillationSettings> settings,
        IntakeLimits limits,
        Retention retention,
        InstantSource clock,
        long learnedBytes) {

    /** Images, velocity and average: the current ones, the ones stored last, and those on their way to the store. */
    private static final int STORED_COPIES = 9;

    /** Every decoded image: once in the memory, once in the file that clients download. */
    private static final int DECODED_COPIES = 2;

    /** Largest number of classes with images of a shape, at least 0. */
    int maxClasses(ImageShape shape) {
        DistillationSettings distillation = settings.apply(shape);
        long copies = STORED_COPIES + (long) DECODED_COPIES * distillation.factor() * distillation.factor();
        return (int)
                Math.min(limits.classes(), learnedBytes / (copies * distillation.ipc() * shape.size() * Float.BYTES));
    }
}
