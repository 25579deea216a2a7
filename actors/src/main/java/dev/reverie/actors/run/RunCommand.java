package dev.reverie.actors.run;

import dev.reverie.actors.loop.LoopCommand;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import java.util.List;
import java.util.Optional;
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

    sealed interface Outcome {}

    /**
     * The run ended normally.
     *
     * @param position position at which a resumed run continues
     * @param saved whether the checkpoint holds that position; also true if the run saves no checkpoint
     * @param studentRate learning rate of the student, if the method is trajectory matching
     * @param observer parameters of the network that chose and labelled the images, if the method has one
     */
    record Ended(
            Ending ending,
            DistilledSet set,
            LoopPosition position,
            boolean saved,
            Optional<Double> studentRate,
            Optional<List<float[]>> observer)
            implements Outcome {}

    record Failed(Throwable cause) implements Outcome {}
}
