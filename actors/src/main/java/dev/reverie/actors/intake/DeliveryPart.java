package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.DuplicateIndex;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassReply;
import dev.reverie.actors.lifecycle.ClassReply.Finding;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;

/** The samples of one class in a delivery, and what the class has found in them. Not thread safe. */
final class DeliveryPart {

    private final UUID delivery;
    private final String className;
    private final List<Integer> positions;
    private final FingerprintBlock fingerprints;
    private Optional<ClassEntry> entry = Optional.empty();
    private Optional<Finding> finding = Optional.empty();
    /** Of the samples, those that are new if the class has reserved them, or else the first one that it refuses. */
    private List<Integer> found = List.of();

    /**
     * Creates a part that no class has examined yet.
     *
     * @param delivery identifies the delivery in its classes
     * @param positions positions of the samples in the delivery
     */
    DeliveryPart(UUID delivery, String className, List<Integer> positions, FingerprintBlock fingerprints) {
        this.delivery = delivery;
        this.className = className;
        this.positions = List.copyOf(positions);
        this.fingerprints = fingerprints;
    }

    String className() {
        return className;
    }

    /** The size of the images as images of this shape, in bytes. */
    long bytes(ImageShape shape) {
        return (long) positions.size() * shape.size();
    }

    /** The class that was asked; empty if the registry does not have the class yet. */
    Optional<ClassEntry> entry() {
        return entry;
    }

    /** What the class has found; empty while its reply is missing. */
    Optional<Finding> finding() {
        return finding;
    }

    /** Asks the class to examine the samples. */
    void ask(ClassEntry asked, ActorRef<ClassReply> replyTo) {
        entry = Optional.of(asked);
        finding = Optional.empty();
        asked.actor().tell(new ClassCommand.Reserve(delivery, fingerprints, replyTo));
    }

    /** Whether a class has been asked and has not replied. */
    boolean isAwaited(ClassEntry asked) {
        return entry.filter(each -> each == asked).isPresent() && finding.isEmpty();
    }

    /** Examines the samples of a class that the registry does not have yet. */
    void examineAsNew() {
        DuplicateIndex.Examination examination = new DuplicateIndex().examine(fingerprints);
        OptionalInt conflict = examination.conflict();
        finding = Optional.of(conflict.isPresent() ? Finding.CONFLICT : Finding.RESERVED);
        found = conflict.isPresent() ? List.of(conflict.getAsInt()) : examination.fresh();
    }

    void onExamined(ClassReply.Examined reply) {
        finding = Optional.of(reply.finding());
        found = reply.samples();
    }

    boolean has(Finding expected) {
        return finding.filter(each -> each == expected).isPresent();
    }

    /** Whether the class can never store the samples. */
    boolean isRefused() {
        return has(Finding.CONFLICT) || has(Finding.SEALED);
    }

    /** Position in the delivery of the first sample that the class refuses. */
    int refusedPosition() {
        return positions.get(found.getFirst());
    }

    /** Positions in the delivery of the samples that the class has reserved, and is to store. */
    List<Integer> newPositions() {
        return has(Finding.RESERVED) ? found.stream().map(positions::get).toList() : List.of();
    }

    boolean hasNewSamples() {
        return !newPositions().isEmpty();
    }

    /** Ends the reservation of the class, if it has or will have one. */
    void release() {
        if (finding.isEmpty() || has(Finding.RESERVED)) {
            entry.ifPresent(asked -> asked.actor().tell(new ClassCommand.Release(delivery)));
        }
    }
}
