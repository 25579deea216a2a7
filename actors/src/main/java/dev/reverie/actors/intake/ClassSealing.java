package dev.reverie.actors.intake;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Seals classes, at once or as soon as they converge. Owned by the intake. */
final class ClassSealing {

    private final ActorContext<IntakeActor.Command> context;
    private final ClassTable classes;

    ClassSealing(ActorContext<IntakeActor.Command> context, ClassTable classes) {
        this.context = context;
        this.classes = classes;
    }

    /** Seals a class, and replies when that is durable. */
    void seal(String name, ActorRef<IntakeActor.Sealed> replyTo) {
        sealable(name, replyTo).ifPresent(entry -> seal(entry, replyTo));
    }

    /** Seals a class if it has converged, or else requests the seal for then. Replies when that is durable. */
    void sealWhenConverged(String name, ActorRef<IntakeActor.Sealed> replyTo) {
        sealable(name, replyTo).ifPresent(entry -> {
            if (entry.phase() == ClassPhase.CONVERGED) {
                seal(entry, replyTo);
            } else {
                ask(entry, done -> new ClassCommand.RequestSeal(true, done), replyTo);
            }
        });
    }

    /** Cancels a requested seal, and replies when that is durable. */
    void cancel(String name, ActorRef<IntakeActor.Sealed> replyTo) {
        sealable(name, replyTo)
                .ifPresent(entry -> ask(entry, done -> new ClassCommand.RequestSeal(false, done), replyTo));
    }

    /** Seals the class if it has converged, and its seal was requested for then. */
    void sealIfDue(ClassEntry entry) {
        if (entry.isSealDue()) {
            seal(entry, context.getSystem().ignoreRef());
        }
    }

    /** Returns the class if it can be asked; otherwise, replies and returns nothing. */
    private Optional<ClassEntry> sealable(String name, ActorRef<IntakeActor.Sealed> replyTo) {
        Optional<ClassEntry> entry = classes.named(name).filter(each -> each.isKnown() || each.isUnknown());
        Optional<ClassEntry> sealable = entry.filter(each -> each.isKnown() && !each.isDamaged());
        if (sealable.isEmpty()) {
            replyTo.tell(new IntakeActor.Sealed(entry.map(ClassEntry::handle)));
        }
        return sealable;
    }

    private void seal(ClassEntry entry, ActorRef<IntakeActor.Sealed> replyTo) {
        entry.startSealing();
        ask(entry, ClassCommand.Seal::new, replyTo);
    }

    private void ask(
            ClassEntry entry, Function<ActorRef<Done>, ClassMessage> message, ActorRef<IntakeActor.Sealed> replyTo) {
        context.pipeToSelf(
                entry.ask(message, context.getSystem().scheduler()),
                (_, forgotten) -> new IntakeActor.SealCompleted(entry, forgotten != null, replyTo));
    }
}
