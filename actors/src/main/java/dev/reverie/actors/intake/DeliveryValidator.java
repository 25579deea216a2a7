package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import dev.reverie.actors.intake.DeliveryOutcome.Reason;
import dev.reverie.actors.intake.DeliveryOutcome.Refused;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

    /**
     * The delivery has classes that the registry must add first, and determines the image shape of an empty service.
     */
    record NewClasses(List<String> names, ImageShape shape) implements Verdict {}

    /** A class of the delivery has not recovered yet. */
    record NotReady() implements Verdict {}

    /**
     * The delivery is accepted.
     *
     * @param newSamples indices of the new samples by class; empty for a class with only duplicates
     * @param accepted number of new samples
     * @param duplicates number of all other samples
     */
    record Valid(Map<ClassEntry, List<Integer>> newSamples, int accepted, int duplicates) implements Verdict {}

    /** What tells samples apart: the hash of an id belongs to its label. */
    private record SampleKey(String label, long id) {}

    private final ClassTable classes;
    private final DuplicateIndex index;
    private final ItemRecord items;
    private final IntakePlan plan;

    DeliveryValidator(ClassTable classes, DuplicateIndex index, ItemRecord items, IntakePlan plan) {
        this.classes = classes;
        this.index = index;
        this.items = items;
        this.plan = plan;
    }

    /**
     * Validates a delivery.
     *
     * @param shape shape of the images of this service; empty if the service has no class yet
     */
    Verdict validate(PendingDelivery delivery, Optional<ImageShape> shape) {
        if (!delivery.delivery().items().isEmpty() && items.failure().isPresent()) {
            return new Rejected(Deferred.of(items.failure().get()));
        }
        BitSet repeated = items.repeated(delivery.delivery());
        int firstNew = repeated.nextClearBit(0);
        if (firstNew == delivery.samples().size()) {
            return new Valid(Map.of(), 0, firstNew);
        }
        ImageShape expected =
                shape.orElseGet(() -> delivery.samples().get(firstNew).image().shape());
        Set<String> newClasses = new LinkedHashSet<>();
        for (int i = firstNew; i < delivery.samples().size(); i = repeated.nextClearBit(i + 1)) {
            Sample sample = delivery.samples().get(i);
            if (!plan.isConvertible(sample.image().shape(), expected)) {
                return otherShape(sample.image().shape(), expected);
            }
            Optional<ClassEntry> entry = classes.named(sample.label());
            if (entry.isEmpty()) {
                newClasses.add(sample.label());
            } else if (entry.get().failure().isPresent()) {
                return new Rejected(Deferred.of(
                        entry.get().failure().get().failure(), entry.get().name()));
            }
        }
        if (!newClasses.isEmpty() && classes.count() + newClasses.size() > plan.maxClasses(expected)) {
            return tooManyClasses(newClasses.iterator().next(), expected);
        }
        return validateSamples(delivery, repeated, newClasses, expected);
    }

    private static Verdict otherShape(ImageShape shape, ImageShape expected) {
        String size = expected.width() + "x" + expected.height();
        return refused(
                Reason.SHAPE_MISMATCH,
                "this service stores " + expected + " images, but this one is " + shape
                        + ": send images of the same shape, start the service with --resize " + size
                        + " (reverie.ingest.resize) so that it accepts any, or forget all classes first");
    }

    private Verdict tooManyClasses(String className, ImageShape shape) {
        int limit = plan.maxClasses(shape);
        String classesAllowed = limit == 1 ? "1 class" : limit + " classes";
        return refused(
                Reason.TOO_MANY_CLASSES,
                limit == plan.limits().classes()
                        ? "this service is limited to " + classesAllowed + " and can't add '" + className
                                + "': forget a class first with DELETE /v1/classes/LABEL"
                        : "this service has memory for " + classesAllowed + " of " + shape + " images and can't add '"
                                + className + "': send smaller images, store fewer images per class, or give Java a"
                                + " larger heap");
    }

    private Verdict validateSamples(
            PendingDelivery delivery, BitSet repeated, Set<String> newClasses, ImageShape shape) {
        Map<ClassEntry, List<Integer>> newSamples = new LinkedHashMap<>();
        Map<SampleKey, Long> newContents = new HashMap<>();
        boolean isReady = true;
        for (int i = repeated.nextClearBit(0); i < delivery.samples().size(); i = repeated.nextClearBit(i + 1)) {
            Sample sample = delivery.samples().get(i);
            SampleFingerprint fingerprint = delivery.fingerprints().get(i);
            SampleKey key = new SampleKey(sample.label(), fingerprint.id());
            List<Integer> newOfClass = new ArrayList<>();
            Optional<Long> earlier = Optional.ofNullable(newContents.get(key));
            boolean isSealed = false;
            if (!newClasses.contains(sample.label())) {
                ClassEntry entry = classes.named(sample.label()).orElseThrow();
                newOfClass = newSamples.computeIfAbsent(entry, none -> new ArrayList<>());
                earlier = earlier.or(() -> index.contentOf(entry.label(), key.id()));
                isSealed = entry.phase() == ClassPhase.SEALED;
                isReady &= entry.isReady();
            }
            if (earlier.isPresent() && earlier.get() != fingerprint.content()) {
                return idConflict(sample);
            }
            if (earlier.isEmpty() && isSealed) {
                return refused(
                        Reason.CLASS_SEALED,
                        "the class '" + sample.label()
                                + "' is sealed and accepts no more images: leave its images out");
            }
            if (earlier.isEmpty()) {
                newContents.put(key, fingerprint.content());
                newOfClass.add(i);
            }
        }
        if (newSamples.entrySet().stream()
                .anyMatch(each -> each.getKey().isSealing() && !each.getValue().isEmpty())) {
            return new Rejected(DeliveryOutcome.Deferred.SEALING);
        }
        if (!newClasses.isEmpty()) {
            return new NewClasses(List.copyOf(newClasses), shape);
        }
        int accepted = newContents.size();
        return isReady ? new Valid(newSamples, accepted, delivery.samples().size() - accepted) : new NotReady();
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
