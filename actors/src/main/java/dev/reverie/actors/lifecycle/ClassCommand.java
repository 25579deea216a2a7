package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;

/** Commands that a {@link DurableClassActor} understands in addition to {@link ClassActor.Command}. */
public sealed interface ClassCommand extends ClassMessage {

    /** A class has at least this many synthetic images if its quota allows, however few real ones fill them. */
    int FEW_IMAGES = 10;

    /** A command that changes nothing, and gets a reply. */
    sealed interface Question extends ClassCommand {}

    /**
     * Adds the samples of a delivery that are new to the class, all in one event. {@link SamplesJudged} follows as soon
     * as they are durable. If the store fails, nothing follows but a {@link ClassReport.Failed}: some of the samples
     * may then be stored, and count as duplicates when they are sent again.
     *
     * @param delivery identifies the delivery to its sender
     * @param part identifies the samples among all those of the delivery
     * @param images one image for each fingerprint
     */
    record AddSamples(
            long delivery, int part, FingerprintBlock fingerprints, List<Image> images, ActorRef<SamplesJudged> replyTo)
            implements ClassCommand {
        public AddSamples {
            images = List.copyOf(images);
        }

        SamplesJudged judged(List<SampleVerdict> verdicts, ClassInfo info) {
            return new SamplesJudged(delivery, part, verdicts, info);
        }
    }

    /**
     * The verdicts on all samples of an {@link AddSamples}, in the same order. Those that it stored are durable.
     *
     * @param info the class with these samples
     */
    record SamplesJudged(long delivery, int part, List<SampleVerdict> verdicts, ClassInfo info)
            implements Transferable {
        public SamplesJudged {
            verdicts = List.copyOf(verdicts);
        }
    }

    /**
     * Withdraws a sample: removes it from the real images permanently. What the class has learned from it stays. The
     * reply follows when the change is durable.
     *
     * @param id hash of the sample's id
     */
    record Withdraw(long id, ActorRef<Withdrawn> replyTo) implements ClassCommand {}

    record Withdrawn(Withdrawal result) implements Transferable {}

    /** What a class did with a request to withdraw a sample. */
    enum Withdrawal {
        /** The class does not have the sample, although it did once. */
        DONE,
        /** None of the samples that the class recognises has this id. */
        UNKNOWN,
        /** The class keeps the sample, without which it would have no image to learn from. */
        REFUSED
    }

    /**
     * Asks for real images of the class, as samples of another one that is to have them.
     *
     * @param label name of the other class
     * @param from ordinal of the first sample that is asked for
     */
    record GetRealImages(String label, long from, ActorRef<RealImages> replyTo) implements Question {}

    /**
     * Some of the images from which the class learns or with which it is tested, in the order of arrival.
     *
     * @param fingerprints those of the images as samples of the other class, with the same ids
     * @param next ordinal from which to ask for further ones; without further ones, the number of samples of the class
     */
    record RealImages(FingerprintBlock fingerprints, List<Image> images, long next) implements Transferable {
        public RealImages {
            images = List.copyOf(images);
        }
    }

    /**
     * Seals the class like {@link Seal}, if it has had this number of samples; does nothing otherwise. So whoever has
     * its real images until then has all of them.
     */
    record SealAt(long seen, ActorRef<ClassInfo> replyTo) implements ClassCommand {}

    record ChangeCapacity(ClassCapacity capacity) implements ClassCommand {}

    /**
     * Limits what the class stores. The class keeps only its best images, or adds new ones if the last quota had
     * limited their number, and persists the result.
     *
     * @param images maximum number of synthetic images
     * @param bytes maximum size of their picture, {@link Long#MAX_VALUE} if there is none
     */
    record ChangeQuota(int images, long bytes) implements ClassCommand {}

    /** Enters a phase other than {@link ClassPhase#SEALED}. A sealed class stays sealed. */
    record EnterPhase(ClassPhase phase, ActorRef<Done> replyTo) implements ClassCommand {}

    /** Drops the real images permanently, including the test images. The reply follows when the change is durable. */
    record Seal(ActorRef<ClassInfo> replyTo) implements ClassCommand {}

    /**
     * Says whether the class is to be sealed as soon as it converges; does nothing if the class is sealed. The reply
     * follows when the request is durable. The supervisor seals the class then.
     */
    record RequestSeal(boolean requested, ActorRef<ClassInfo> replyTo) implements ClassCommand {}

    /** Persists the learned images. The reply follows when they are durable. */
    record Save(ActorRef<Done> replyTo) implements ClassCommand {}

    /** Records the matching loss of the last class step; does nothing if the class is sealed. */
    record RecordLoss(double loss) implements ClassCommand {}

    /** Asks for the images that are set aside for testing, in random order; a sealed class has none. */
    record GetTestImages(ActorRef<ClassActor.Images> replyTo) implements Question {}

    /** Asks what the class is now, and so whether it replies. */
    record GetInfo(ActorRef<ClassInfo> replyTo) implements Question {}

    /**
     * Stops the actor as soon as no write is in progress, because the class is forgotten. Postponed commands get no
     * reply: their askers have been told already, since their {@link dev.reverie.actors.classes.PendingAsks} end before
     * the actor stops.
     */
    record Stop() implements ClassCommand, NoSerializationVerificationNeeded {}
}
