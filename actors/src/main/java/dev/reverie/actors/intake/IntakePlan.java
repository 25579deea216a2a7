package dev.reverie.actors.intake;

import dev.reverie.actors.store.Retention;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * What an intake works with.
 *
 * @param settings of the distillation that its classes take part in, given the shape of the images
 * @param retention takes out of the store what is no longer needed
 * @param clock of what classes say about their age
 * @param learnedBytes of memory that may be taken up by what is learned of all classes
 */
public record IntakePlan(
        Function<ImageShape, DistillationSettings> settings,
        IntakeLimits limits,
        Retention retention,
        InstantSource clock,
        long learnedBytes) {

    /** Images, velocity and average, as they are, as they were stored last, and on their way to the store. */
    private static final int COPIES = 9;

    /** Of each decoded image: in the memory, and in the file that is handed out. */
    private static final int DECODED_COPIES = 2;

    /** How many classes there may be of images of a shape; none of very large ones. */
    int classes(ImageShape shape) {
        DistillationSettings of = settings.apply(shape);
        long copies = COPIES + (long) DECODED_COPIES * of.factor() * of.factor();
        return (int) Math.min(limits.classes(), learnedBytes / (copies * of.ipc() * shape.size() * Float.BYTES));
    }
}
