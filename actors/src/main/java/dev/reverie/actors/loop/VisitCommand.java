package dev.reverie.actors.loop;

import dev.reverie.actors.classes.Member;
import dev.reverie.actors.schedule.Visit;
import dev.reverie.actors.worker.PatientWorker;
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
    record Assigned(Visit visit, Member owner, PatientWorker worker) implements VisitReply {}

    record NoMoreVisits() implements VisitReply {}

    /** Reports that the gradient was applied; the loss and the seconds are the worker's. */
    record VisitMatched(Visit visit, double loss, double seconds) implements VisitCommand {}

    /** Reports that the visit came to nothing. */
    record VisitSkipped(Visit visit, String reason) implements VisitCommand {}
}
