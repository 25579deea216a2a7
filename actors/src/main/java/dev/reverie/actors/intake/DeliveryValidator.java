package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.intake.DeliveryOutcome.Reason;
import dev.reverie.actors.intake.DeliveryOutcome.Refused;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.gpu.dataset.ImageShape;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Judges a delivery as a whole, before anything of it is stored: so it comes in entirely or not at all. Changes
 * nothing.
 */
final class DeliveryValidator {

    sealed interface Verdict {}

    /** It is answered at once. */
    record Answered(DeliveryOutcome admission) implements Verdict {}

    /** The registry has to know these labels first, and the shape if it knows none. */
    record Unregistered(List<String> labels, ImageShape shape) implements Verdict {}

    /** A class of it is not ready yet. */
    record Waiting() implements Verdict {}

    /**
     * It may come in.
     *
     * @param fresh indices of the new samples, by class; a class may have none
     * @param accepted number of new samples
     * @param duplicates number of all others
     */
    record Passed(Map<ClassEntry, List<Integer>> fresh, int accepted, int duplicates) implements Verdict {}

    private final ClassTable classes;
    private final DuplicateIndex known;
    private final IntakePlan plan;

    DeliveryValidator(ClassTable classes, DuplicateIndex known, IntakePlan plan) {
        this.classes = classes;
        this.known = known;
        this.plan = plan;
    }

    Verdict of(IncomingDelivery arrival, Optional<ImageShape> shape) {
        ImageShape expected =
                shape.orElseGet(() -> arrival.samples().getFirst().image().shape());
        Set<String> unseen = new LinkedHashSet<>();
        for (Sample sample : arrival.samples()) {
            if (!sample.image().shape().equals(expected)) {
                return refused(
                        Reason.SHAPE_MISMATCH,
                        "this service takes " + expected + " images, got one of "
                                + sample.image().shape() + ": send images of that shape, or forget all classes first");
            }
            Optional<ClassEntry> entry = classes.named(sample.label());
            if (entry.isEmpty()) {
                unseen.add(sample.label());
            } else if (entry.get().failure().isPresent()) {
                return new Answered(DeferredReplies.of(entry.get()));
            }
        }
        int most = plan.classes(expected);
        if (!unseen.isEmpty() && classes.count() + unseen.size() > most) {
            return refused(
                    Reason.TOO_MANY_CLASSES,
                    most == plan.limits().classes()
                            ? "there may be " + most + " classes, '"
                                    + unseen.iterator().next() + "' would be one more: forget a class first"
                            : "there is memory to learn " + most + " classes of " + expected + " images, '"
                                    + unseen.iterator().next() + "' would be one more: send smaller images, have fewer"
                                    + " stored per class, or give Java a larger heap");
        }
        return sort(arrival, unseen, expected);
    }

    private Verdict sort(IncomingDelivery arrival, Set<String> unseen, ImageShape shape) {
        Map<ClassEntry, List<Integer>> fresh = new LinkedHashMap<>();
        Long2LongOpenHashMap within = new Long2LongOpenHashMap();
        boolean waiting = false;
        for (int i = 0; i < arrival.samples().size(); i++) {
            Sample sample = arrival.samples().get(i);
            SampleFingerprint fingerprint = arrival.fingerprints().get(i);
            List<Integer> ofClass = new ArrayList<>();
            boolean isSealed = false;
            if (!unseen.contains(sample.label())) {
                ClassEntry entry = classes.named(sample.label()).orElseThrow();
                ofClass = fresh.computeIfAbsent(entry, none -> new ArrayList<>());
                isSealed = entry.phase() == ClassPhase.SEALED;
                waiting |= !entry.isReady();
            }
            OptionalLong earlier = contentOf(fingerprint.id(), within);
            if (earlier.isPresent() && earlier.getAsLong() != fingerprint.content()) {
                return refused(
                        Reason.ID_CONFLICT,
                        "the id '" + sample.id().orElse("of the content")
                                + "' was used for another label or image: give every sample its own id");
            }
            if (earlier.isEmpty() && isSealed) {
                return refused(
                        Reason.CLASS_SEALED, "the class '" + sample.label() + "' is sealed: it takes no more images");
            }
            if (earlier.isEmpty()) {
                within.put(fingerprint.id(), fingerprint.content());
                ofClass.add(i);
            }
        }
        if (!unseen.isEmpty()) {
            return new Unregistered(List.copyOf(unseen), shape);
        }
        return waiting
                ? new Waiting()
                : new Passed(fresh, within.size(), arrival.samples().size() - within.size());
    }

    private OptionalLong contentOf(long id, Long2LongOpenHashMap within) {
        return within.containsKey(id) ? OptionalLong.of(within.get(id)) : known.contentOf(id);
    }

    private static Answered refused(Reason reason, String detail) {
        return new Answered(new Refused(reason, detail));
    }
}
