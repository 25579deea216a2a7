package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.gpu.dataset.Image;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the owner of a class that lives on a stream is asked beyond what {@link ClassActor.Command} asks of every one.
 */
public sealed interface ClassCommand extends ClassMessage {

    /**
     * Takes samples in, all in one event. The keeper is told when they are durable. Ignored unless it is of this epoch
     * and follows what the class has seen: what was sent before a failure must not come in after it.
     *
     * @param first ordinal of the first sample
     */
    record Admit(long epoch, long first, FingerprintBlock samples, List<Image> images) implements ClassCommand {
        public Admit {
            images = List.copyOf(images);
        }
    }

    record ChangeCapacity(ClassCapacity capacity) implements ClassCommand {}

    /**
     * Lets the class store so many synthetic images from now on. It keeps its best ones, or begins new ones; what
     * becomes of those it has is durable.
     */
    record ChangeQuota(int images) implements ClassCommand {}

    /** Begins another stage, but not the last one; nothing happens to a sealed class. */
    record EnterPhase(ClassPhase phase, ActorRef<Done> replyTo) implements ClassCommand {}

    /** Drops the real images for good; answered when that is durable. */
    record Seal(ActorRef<Done> replyTo) implements ClassCommand {}

    /** Makes durable what was learned; answered when it is. */
    record Save(ActorRef<Done> replyTo) implements ClassCommand {}

    /** Tells the matching loss of the last class step. */
    record NoteLoss(double loss) implements ClassCommand {}

    record View(ActorRef<ClassView> replyTo) implements ClassCommand {}

    /** Stops as soon as nothing is being written any more. */
    record Leave() implements ClassCommand, NoSerializationVerificationNeeded {}
}
