package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.DeliveredFilesActor;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryActor;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** Messages that the {@link IntakeActor} sends to itself. */
sealed interface IntakeSelfMessage extends IntakeActor.Command {

    record ClassReported(ClassReport report) implements IntakeSelfMessage {}

    record Judged(ClassCommand.SamplesJudged verdicts) implements IntakeSelfMessage {}

    record RegistryReported(ClassRegistryActor.Report report) implements IntakeSelfMessage {}

    record DeliveredFilesReported(DeliveredFilesActor.Report report) implements IntakeSelfMessage {}

    /**
     * A class has answered that it is sealed, or that its seal is requested or cancelled, or has not answered.
     *
     * @param answer the class then; empty if it has not answered
     * @param forgotten whether it has not answered because it was forgotten
     */
    record SealCompleted(
            ClassEntry entry, Optional<ClassInfo> answer, boolean forgotten, ActorRef<IntakeActor.Sealed> replyTo)
            implements IntakeSelfMessage {}

    /**
     * All classes are saved that can be.
     *
     * @param unsaved names of the classes that cannot be saved
     */
    record DrainCompleted(List<ActorRef<IntakeActor.Drained>> askers, List<String> unsaved)
            implements IntakeSelfMessage {
        public DrainCompleted {
            askers = List.copyOf(askers);
            unsaved = List.copyOf(unsaved);
        }
    }

    /** Time passes for the deliveries that wait. */
    enum Tick implements IntakeSelfMessage {
        INSTANCE
    }
}
