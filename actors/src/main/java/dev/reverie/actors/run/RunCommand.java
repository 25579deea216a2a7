package dev.reverie.actors.run;

import dev.reverie.actors.loop.LoopCommand;
import dev.reverie.gpu.dataset.Image;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Messages to the {@link RunCoordinator}, and its replies. */
public sealed interface RunCommand {

    /** Carries a message about the current inner loop. */
    record WrappedLoopCommand(LoopCommand command) implements RunCommand {}

    /** Adds a class from the next inner loop on. The reply follows when the class has joined or was refused. */
    record AddClass(String name, List<Image> images, ActorRef<AddClassReply> replyTo) implements RunCommand {
        public AddClass {
            images = List.copyOf(images);
        }
    }

    sealed interface AddClassReply {}

    record ClassAdded(int classIndex) implements AddClassReply {}

    record ClassRefused(RuntimeException reason) implements AddClassReply {}

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
