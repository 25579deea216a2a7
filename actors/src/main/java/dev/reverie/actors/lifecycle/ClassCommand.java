package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.store.JournalTransactions;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;

/** Commands that a {@link DurableClassActor} understands in addition to {@link ClassActor.Command}. */
public sealed interface ClassCommand extends ClassMessage {

    /**
     * Examines samples of a delivery. If the class can store those that are new, it reserves their ids for up to 5 s,
     * until {@link Commit} or {@link Release}, so that no other delivery adds the same ids. A
     * {@link ClassReply.Examined} follows.
     */
    record Reserve(UUID delivery, FingerprintBlock fingerprints, ActorRef<ClassReply> replyTo)
            implements ClassCommand {}

    /**
     * Adds samples, all in one event. The actor examines them again, since a reservation can end before its commit, and
     * adds none unless all are new. It also adds none if the epoch is another one, since samples that were sent before
     * a failure must not be added after the failure. A {@link ClassReply.Committed} follows when the samples are
     * durable, or when it is certain that they are not added.
     *
     * @param epoch epoch of the last {@link ClassReport.Recovered}
     * @param transaction tag of the {@link JournalTransactions transaction} with the other classes of the delivery;
     *     empty if the delivery adds no samples to other classes
     */
    record Commit(
            UUID delivery,
            long epoch,
            Optional<String> transaction,
            FingerprintBlock fingerprints,
            List<Image> images,
            ActorRef<ClassReply> replyTo)
            implements ClassCommand {
        public Commit {
            images = List.copyOf(images);
        }
    }

    /** Ends the reservation of a delivery without a commit. */
    record Release(UUID delivery) implements ClassCommand {}

    record ChangeCapacity(ClassCapacity capacity) implements ClassCommand {}

    /**
     * Sets how many synthetic images the class stores. The class keeps only its best images or adds new ones, and
     * persists the result.
     */
    record ChangeQuota(int images) implements ClassCommand {}

    /** Enters a phase other than {@link ClassPhase#SEALED}. A sealed class stays sealed. */
    record EnterPhase(ClassPhase phase, ActorRef<Done> replyTo) implements ClassCommand {}

    /**
     * Drops the real images permanently, including the test images, as soon as no delivery has reserved ids. The reply
     * follows when the change is durable.
     */
    record Seal(ActorRef<Done> replyTo) implements ClassCommand {}

    /**
     * Says whether the class is to be sealed as soon as it converges; does nothing if the class is sealed. The reply
     * follows when the request is durable. The supervisor seals the class then.
     */
    record RequestSeal(boolean requested, ActorRef<Done> replyTo) implements ClassCommand {}

    /** Persists the learned images. The reply follows when they are durable. */
    record Save(ActorRef<Done> replyTo) implements ClassCommand {}

    /** Records the matching loss of the last class step; does nothing if the class is sealed. */
    record RecordLoss(double loss) implements ClassCommand {}

    /** Asks for the images that are set aside for testing, in random order; a sealed class has none. */
    record GetTestImages(ActorRef<ClassActor.Images> replyTo) implements ClassCommand {}

    /** Asks for a summary of the class. */
    record GetSummary(ActorRef<ClassSummary> replyTo) implements ClassCommand {}

    /**
     * Stops the actor as soon as no write is in progress, because the class is forgotten. Postponed commands get no
     * reply: their askers have been told already, since {@link dev.reverie.actors.classes.Liveness} ends before the
     * actor stops.
     */
    record Stop() implements ClassCommand, NoSerializationVerificationNeeded {}
}
