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
import java.util.function.Function;

/**
 * The settings and dependencies of an intake.
 *
 * @param distillation returns the distillation settings for images of a given shape
 * @param coding how the synthetic images of a class are coded
 * @param size size to which the ingest sources resize all images; the service then brings grey and colour images to the
 *     channels of its first image; if empty, all images must have the same shape
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
        Retention retention,
        StoreDamage damage,
        InstantSource clock,
        double testShare,
        Optional<MaxAge> maxAge,
        long learnedBytes)
        implements IntakeSettingsBuilder.With {

    /** Whether an image of a shape can be brought to the shape of the service by a change of its channels. */
    boolean isConvertible(ImageShape shape, ImageShape toService) {
        return shape.equals(toService)
                || size.filter(resized -> resized.fits(shape) && resized.fits(toService))
                        .isPresent();
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
