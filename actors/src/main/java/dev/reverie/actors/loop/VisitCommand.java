package dev.reverie.actors.loop;

import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.worker.RetryingWorker;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** How whoever matches gets its work from a coordinator, and tells what came of it. */
public sealed interface VisitCommand {

    /** Asks for work. One request at a time; answered with a visit or, when all is over, {@link NoMoreVisits}. */
    record NextVisit(ActorRef<VisitReply> replyTo) implements VisitCommand {}

    sealed interface VisitReply {}

    /**
     * A visit to be made and reported.
     *
     * @param owner has the batch, and takes the gradient
     * @param worker computes the gradient
     */
    record Assigned(ClassVisit visit, ClassRef owner, RetryingWorker worker) implements VisitReply {}

    record NoMoreVisits() implements VisitReply {}

    /**
     * Reports that the gradient was applied.
     *
     * @param byBlock the part of each convolution block of the network in the loss
     * @param change root mean square of what that changed in a pixel of the images handed out
     * @param seconds spent inside the worker
     */
    record VisitMatched(ClassVisit visit, double loss, List<Double> byBlock, double change, double seconds)
            implements VisitCommand {
        public VisitMatched {
            byBlock = List.copyOf(byBlock);
        }
    }

    /** Reports that the visit came to nothing. */
    record VisitSkipped(ClassVisit visit, String reason) implements VisitCommand {}
}
