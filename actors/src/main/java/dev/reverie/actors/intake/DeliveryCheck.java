package dev.reverie.actors.intake;

import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import dev.reverie.actors.intake.DeliveryOutcome.Reason;
import dev.reverie.actors.intake.DeliveryOutcome.Refused;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the intake knows of a delivery before any class gets its samples. Changes nothing. */
final class DeliveryCheck {

    private final ClassTable classes;
    private final RegistryChanges registry;
    private final DeliveredFiles files;
    private final IntakeSettings settings;

    DeliveryCheck(ClassTable classes, RegistryChanges registry, DeliveredFiles files, IntakeSettings settings) {
        this.classes = classes;
        this.registry = registry;
        this.files = files;
        this.settings = settings;
    }

    /**
     * Why none of the samples may be stored now; empty if their classes can judge them.
     *
     * @param hasFiles whether the samples come from files, which are to be recorded
     * @param newClasses labels of the samples that no class has yet
     */
    Optional<DeliveryOutcome> objectionTo(boolean hasFiles, List<Sample> samples, Set<String> newClasses) {
        Optional<StoreFailure> unrecordable = files.failure().filter(_ -> hasFiles);
        if (unrecordable.isPresent()) {
            return unrecordable.map(Deferred::of);
        }
        if (samples.isEmpty()) {
            return Optional.empty();
        }
        ImageShape expected = shapeFor(samples);
        for (Sample sample : samples) {
            ImageShape shape = sample.image().shape();
            if (shape.height() != expected.height() || shape.width() != expected.width()) { // channels are converted
                return Optional.of(otherSize(shape, expected));
            }
            Optional<ClassReport.Failed> failure = classes.named(sample.label()).flatMap(ClassEntry::failure);
            if (failure.isPresent()) {
                return Optional.of(Deferred.of(failure.get().failure(), sample.label()));
            }
        }
        return newClasses.isEmpty() ? Optional.empty() : objectionToClasses(newClasses, expected);
    }

    private Optional<DeliveryOutcome> objectionToClasses(Set<String> newClasses, ImageShape shape) {
        return registry.countWith(newClasses) > settings.maxClasses(shape)
                ? Optional.of(tooManyClasses(newClasses.iterator().next(), shape))
                : registry.failure().map(Deferred::of);
    }

    /** Shape of the images of this service; in a service without classes, decided by the first sample. */
    ImageShape shapeFor(List<Sample> samples) {
        return registry.shape()
                .orElseGet(
                        () -> settings.shapeWithFirst(samples.getFirst().image().shape()));
    }

    private static Refused otherSize(ImageShape shape, ImageShape expected) {
        String size = expected.width() + "x" + expected.height();
        return new Refused(
                Reason.SHAPE_MISMATCH,
                "this service stores " + expected + " images, but this one is " + shape
                        + ": send images of the same size, start the service with --resize " + size
                        + " (reverie.ingest.resize) so that it accepts any, or forget all classes first");
    }

    private Refused tooManyClasses(String className, ImageShape shape) {
        int limit = settings.maxClasses(shape);
        String classesAllowed = limit == 1 ? "1 class" : limit + " classes";
        String remedy = settings.isLimitedByHeap(shape)
                ? "send smaller images, store fewer images per class, or give Java a larger heap"
                : "send smaller images, or store fewer images per class";
        return new Refused(
                Reason.QUOTA,
                limit == settings.limits().classes()
                        ? "this service is limited to " + classesAllowed + " and cannot add '" + className
                                + "': forget a class first with DELETE /v1/classes/LABEL"
                        : "this service has memory for " + classesAllowed + " of " + shape + " images and cannot add '"
                                + className + "': " + remedy);
    }
}
