package dev.reverie.actors.intake;

import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import dev.reverie.actors.intake.DeliveryOutcome.Reason;
import dev.reverie.actors.intake.DeliveryOutcome.Refused;
import dev.reverie.actors.lifecycle.ClassReply.Finding;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Decides on a delivery as a whole before any of its samples is stored, so that either all or none of its samples are
 * accepted. Changes nothing.
 */
final class DeliveryValidator {

    sealed interface Verdict {}

    /** The delivery is refused or deferred. */
    record Rejected(DeliveryOutcome outcome) implements Verdict {}

    /** A class of the delivery has not recovered yet, or has reserved an id for another delivery. */
    record NotReady() implements Verdict {}

    /** Nothing prevents the delivery. */
    record Valid() implements Verdict {}

    /** Maximum size of the images of a message; with its other parts, it stays below the frame size of the cluster. */
    private static final long MAX_MESSAGE_BYTES = 60L << 20;

    private final ClassTable classes;
    private final ItemRecord items;
    private final IntakePlan plan;
    private final boolean shared;

    /**
     * Creates a validator.
     *
     * @param shared whether the classes belong to the nodes of a cluster
     */
    DeliveryValidator(ClassTable classes, ItemRecord items, IntakePlan plan, boolean shared) {
        this.classes = classes;
        this.items = items;
        this.plan = plan;
        this.shared = shared;
    }

    /**
     * Decides whether the classes can examine a delivery.
     *
     * @param shape shape of the images of this service; empty if the service has no class yet
     * @param registryOutage why no class can be registered now; empty if new classes can be registered or have to wait
     */
    Verdict validate(PendingDelivery delivery, Optional<ImageShape> shape, Optional<StoreFailure> registryOutage) {
        Optional<StoreFailure> itemFailure = itemFailure(delivery);
        if (itemFailure.isPresent()) {
            return new Rejected(Deferred.of(itemFailure.get()));
        }
        if (delivery.parts().isEmpty()) {
            return new Valid();
        }
        ImageShape expected = expectedShape(delivery, shape);
        Set<String> newClasses = new LinkedHashSet<>();
        boolean isReady = true;
        for (int i = delivery.nextPosition(0); i < delivery.samples().size(); i = delivery.nextPosition(i + 1)) {
            Sample sample = delivery.samples().get(i);
            if (!plan.isConvertible(sample.image().shape(), expected)) {
                return otherShape(sample.image().shape(), expected);
            }
            Optional<ClassEntry> entry = classes.named(sample.label());
            Optional<ClassReport.Failed> failure = entry.flatMap(ClassEntry::failure);
            if (failure.isPresent()) {
                return new Rejected(Deferred.of(failure.get().failure(), sample.label()));
            }
            isReady &= entry.isEmpty() || entry.get().isReady();
            if (entry.isEmpty()) {
                newClasses.add(sample.label());
            }
        }
        Optional<DeliveryPart> tooLarge = delivery.parts().stream()
                .filter(part -> shared && part.bytes(expected) > MAX_MESSAGE_BYTES)
                .findFirst();
        if (tooLarge.isPresent()) {
            return tooLarge(tooLarge.get(), expected);
        }
        if (!newClasses.isEmpty() && classes.count() + newClasses.size() > plan.maxClasses(expected)) {
            return tooManyClasses(newClasses.iterator().next(), expected);
        }
        if (!newClasses.isEmpty() && registryOutage.isPresent()) {
            return new Rejected(Deferred.of(registryOutage.get()));
        }
        return isReady ? new Valid() : new NotReady();
    }

    /** Why the items of the delivery cannot be recorded now; empty if they can, or if there are none. */
    private Optional<StoreFailure> itemFailure(PendingDelivery delivery) {
        return delivery.delivery().items().isEmpty() ? Optional.empty() : items.failure();
    }

    /** Shape of the images of this service; in a service without classes, that of the first image. */
    static ImageShape expectedShape(PendingDelivery delivery, Optional<ImageShape> shape) {
        return shape.orElseGet(
                () -> delivery.samples().get(delivery.nextPosition(0)).image().shape());
    }

    private static Verdict otherShape(ImageShape shape, ImageShape expected) {
        String size = expected.width() + "x" + expected.height();
        return refused(
                Reason.SHAPE_MISMATCH,
                "this service stores " + expected + " images, but this one is " + shape
                        + ": send images of the same shape, start the service with --resize " + size
                        + " (reverie.ingest.resize) so that it accepts any, or forget all classes first");
    }

    private static Verdict tooLarge(DeliveryPart part, ImageShape shape) {
        return refused(
                Reason.TOO_LARGE,
                "the images of the class '" + part.className() + "' take " + part.bytes(shape)
                        + " bytes, and the nodes of a cluster pass on at most " + MAX_MESSAGE_BYTES
                        + " at once: send smaller images, or at most " + MAX_MESSAGE_BYTES / shape.size()
                        + " images of a class per delivery");
    }

    private Verdict tooManyClasses(String className, ImageShape shape) {
        int limit = plan.maxClasses(shape);
        String classesAllowed = limit == 1 ? "1 class" : limit + " classes";
        String remedy = plan.isLimitedByHeap(shape)
                ? "send smaller images, store fewer images per class, or give Java a larger heap"
                : "send smaller images, or store fewer images per class";
        return refused(
                Reason.TOO_MANY_CLASSES,
                limit == plan.limits().classes()
                        ? "this service is limited to " + classesAllowed + " and cannot add '" + className
                                + "': forget a class first with DELETE /v1/classes/LABEL"
                        : "this service has memory for " + classesAllowed + " of " + shape + " images and cannot add '"
                                + className + "': " + remedy);
    }

    /** Decides on a delivery that all its classes have examined. */
    Verdict decide(PendingDelivery delivery) {
        Optional<DeliveryPart> refused = delivery.parts().stream()
                .filter(DeliveryPart::isRefused)
                .min(Comparator.comparingInt(DeliveryPart::refusedPosition));
        if (refused.isPresent()) {
            Sample sample = delivery.samples().get(refused.get().refusedPosition());
            return refused.get().has(Finding.SEALED) ? classSealed(sample) : idConflict(sample);
        }
        if (delivery.parts().stream().anyMatch(part -> part.has(Finding.SEALING))) {
            return new Rejected(Deferred.SEALING);
        }
        Optional<StoreFailure> itemFailure = itemFailure(delivery);
        if (itemFailure.isPresent()) {
            return new Rejected(Deferred.of(itemFailure.get()));
        }
        return delivery.parts().stream().anyMatch(part -> part.has(Finding.BUSY)) ? new NotReady() : new Valid();
    }

    private static Rejected classSealed(Sample sample) {
        return refused(
                Reason.CLASS_SEALED,
                "the class '" + sample.label() + "' is sealed and accepts no more images: leave its images out");
    }

    private static Rejected idConflict(Sample sample) {
        return refused(
                Reason.ID_CONFLICT,
                sample.id().map(id -> "the id '" + id + "'").orElse("the id derived from the pixels")
                        + " already belongs to another image of the class '" + sample.label()
                        + "': give every image of a class its own id");
    }

    private static Rejected refused(Reason reason, String detail) {
        return new Rejected(new Refused(reason, detail));
    }
}
