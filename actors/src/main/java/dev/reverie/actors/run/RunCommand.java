package dev.reverie.actors.run;

import dev.reverie.actors.loop.LoopCommand;
import org.apache.pekko.actor.typed.ActorRef;

/** Messages to the {@link RunCoordinator}, and its replies. */
public sealed interface RunCommand {

    /** Carries a message about the current inner loop. */
    record WrappedLoopCommand(LoopCommand command) implements RunCommand {}

    /** Ends the run after the current inner loop. */
    record Stop() implements RunCommand {}

    /** Ends the run at once, as failed. */
    record Abort(Throwable cause) implements RunCommand {}

    /** Requests the outcome; the reply follows when the run has ended and every telemetry event was delivered. */
    record AwaitOutcome(ActorRef<Outcome> replyTo) implements RunCommand {}

    /** Goes on with the run after an asynchronous step; sent by the coordinator to itself. */
    record Continue(Runnable next) implements RunCommand {}

    /** How a run has ended: with a result, or as failed. */
    sealed interface Outcome permits DistillationResult, Failed {}

    record Failed(Throwable cause) implements Outcome {}
}
