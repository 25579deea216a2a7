package dev.reverie.actors.intake;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/** Seals classes, at once or as soon as they converge. Owned by the intake. */
final class ClassSealing {

    private final ActorContext<IntakeActor.Command> context;
    private final ClassTable classes;

    ClassSealing(ActorContext<IntakeActor.Command> context, ClassTable classes) {
        this.context = context;
        this.classes = classes;
    }

    /** Changes whether and when a class is sealed, and replies when that is durable. */
    void change(String name, SealChange change, ActorRef<IntakeActor.Sealed> replyTo) {
        sealable(name, replyTo).ifPresent(entry -> {
            boolean hasConverged = entry.info().phase() == ClassPhase.CONVERGED;
            if (change == SealChange.NOW || (change == SealChange.WHEN_CONVERGED && hasConverged)) {
                seal(entry, replyTo);
            } else {
                boolean wanted = change == SealChange.WHEN_CONVERGED;
                ask(entry, answer -> new ClassCommand.RequestSeal(wanted, answer), replyTo);
            }
        });
    }

    /** Seals the class if it has converged, its seal was requested for then, and it is not being sealed. */
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
            replyTo.tell(new IntakeActor.Sealed(entry.map(ClassEntry::info)));
        }
        return sealable;
    }

    private void seal(ClassEntry entry, ActorRef<IntakeActor.Sealed> replyTo) {
        entry.startSealing();
        ask(entry, ClassCommand.Seal::new, replyTo);
    }

    /** Asks the class, and replies when it has answered. */
    private void ask(
            ClassEntry entry,
            Function<ActorRef<ClassInfo>, ClassMessage> message,
            ActorRef<IntakeActor.Sealed> replyTo) {
        Scheduler scheduler = context.getSystem().scheduler();
        context.pipeToSelf(
                entry.askRepeatedly(message, scheduler),
                (info, failure) -> new IntakeSelfMessage.SealCompleted(
                        entry, Optional.ofNullable(info), isForgotten(failure), replyTo));
    }

    /** A class that does not answer in time is not forgotten. The reply then shows that it has not changed. */
    private static boolean isForgotten(@Nullable Throwable failure) {
        return failure != null && !(Asks.causeOf(failure) instanceof TimeoutException);
    }
}
