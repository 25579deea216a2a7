package dev.reverie.actors.run;

import dev.reverie.actors.loop.VisitCommand;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What the {@link RunCoordinator} of a run is told and asked, and how it answers. */
public sealed interface RunCommand
        permits RunCommand.Visiting,
                RunCommand.AddClass,
                RunCommand.Stop,
                RunCommand.Abort,
                RunCommand.AwaitOutcome,
                RunStepDone {

    /** What whoever matches asks and reports. */
    record Visiting(VisitCommand command) implements RunCommand {}

    /** Lets a class take part from the next inner loop on; answered when it does, or when it can't. */
    record AddClass(String name, List<Image> images, ActorRef<AddClassReply> replyTo) implements RunCommand {
        public AddClass {
            images = List.copyOf(images);
        }
    }

    sealed interface AddClassReply {}

    record ClassAdded(int label) implements AddClassReply {}

    record ClassRefused(RuntimeException reason) implements AddClassReply {}

    /** Ends the run after the current inner loop. */
    record Stop() implements RunCommand {}

    /** Ends the run at once, as failed. */
    record Abort(Throwable cause) implements RunCommand {}

    /** Answered when the run has ended and every event was delivered. */
    record AwaitOutcome(ActorRef<Outcome> replyTo) implements RunCommand {}

    sealed interface Outcome {}

    /**
     * The run ended as it should.
     *
     * @param position at which a resumed run would go on
     * @param saved whether the file it goes on from holds that position, where there is to be one
     */
    record Ended(Ending ending, DistilledSet set, LoopPosition position, boolean saved) implements Outcome {}

    record Failed(Throwable cause) implements Outcome {}
}
