package dev.reverie.actors.intake;

import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.gpu.method.DistillationSettings;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The settings and dependencies of an intake.
 *
 * @param distillation returns the distillation settings for images of a given shape
 * @param coding how the synthetic images of a class are coded
 * @param size size to which the ingest sources resize all images; if empty, all must have the size of the first one
 * @param channels channels of the images of a new service, 1 (grey) or 3; if empty, those of its first image
 * @param retention deletes old events and forgotten classes from the store
 * @param damage the actors whose rows in the store are damaged
 * @param clock clock for recording when synthetic images change and when classes fail
 * @param testShare share of the images of each class that are set aside for testing, in [0, 0.5]
 * @param maxAge age at which real images leave their class; empty if images of any age stay
 * @param learnedBytes maximum heap memory for the synthetic images of all classes, in bytes
 */
@RecordBuilder
@RecordBuilder.Options(addClassRetainedGenerated = true, addFunctionalMethodsToWith = false)
public record IntakeSettings(
        Function<ImageShape, DistillationSettings> distillation,
        Coding coding,
        IntakeLimits limits,
        Optional<TargetSize> size,
        OptionalInt channels,
        Retention retention,
        StoreDamage damage,
        InstantSource clock,
        double testShare,
        Optional<MaxAge> maxAge,
        long learnedBytes)
        implements IntakeSettingsBuilder.With {

    /** Returns the shape of the images of a service whose first image has the given shape. */
    ImageShape shapeWithFirst(ImageShape first) {
        return new ImageShape(channels.orElse(first.channels()), first.height(), first.width());
    }

    /** Maximum number of classes with images of the given shape, at least 0. */
    public int maxClasses(ImageShape shape) {
        return Math.min(limits.classes(), memoryCost().maxClasses(shape));
    }

    /** The heap memory that classes take. */
    public ClassMemoryCost memoryCost() {
        return new ClassMemoryCost(distillation, learnedBytes);
    }

    /** Whether a larger heap would allow more classes with images of the given shape, within the limits. */
    boolean isLimitedByHeap(ImageShape shape) {
        return memoryCost().isLimitedByHeap(shape) && memoryCost().maxClasses(shape) <= limits.classes();
    }
}
