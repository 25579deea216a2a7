package dev.reverie.actors.intake;

import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.store.StoreFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The one entry for samples, and the keeper of all classes. A delivery is examined as a whole before anything is
 * stored, gets its place in the order of each of its classes, and is answered when all of these have made their share
 * durable. Every request is answered exactly once.
 */
public final class IntakeActor extends AbstractMatchingBehavior<IntakeActor.Command> {

    public sealed interface Command {}

    /** Takes in a delivery. */
    public record Admit(Delivery delivery, ActorRef<DeliveryOutcome> replyTo) implements Command, Transferable {}

    /** Drops the real images of a class for good; answered with it when that is durable. */
    public record Seal(String name, ActorRef<Sealed> replyTo) implements Command, Transferable {}

    /** The class as it is now; empty if there is none of that name. */
    public record Sealed(Optional<ClassHandle> owner) implements Transferable {}

    /** Drops everything about a class; answered when nothing is left of it in the store. */
    public record Forget(String name, ActorRef<Forgotten> replyTo) implements Command, Transferable {}

    /** Whether there was a class of that name. */
    public record Forgotten(boolean existed) implements Transferable {}

    /** Asks what there is. */
    public record Look(ActorRef<View> replyTo) implements Command, Transferable {}

    /**
     * A service as its intake sees it.
     *
     * @param reading whether the store is still being read
     * @param classes that have images, in the order of first arrival
     * @param store what was found and what is known now
     * @param registryFailure why the list of all classes can't be read or written; empty while it can
     * @param bytesInFlight of deliveries that are not answered yet
     */
    public record View(
            boolean reading,
            List<ClassHandle> classes,
            ClassNotification.StoreRead store,
            Optional<StoreFailure> registryFailure,
            long bytesInFlight)
            implements Transferable {
        public View {
            classes = List.copyOf(classes);
        }
    }

    /** Asks for all news from now on, beginning with what there is. */
    public record Follow(ActorRef<ClassNotification> follower) implements Command, Transferable {}

    /** Takes nothing more; answered when everything admitted and learned is durable. */
    public record Drain(ActorRef<Done> replyTo) implements Command, Transferable {}

    private record Told(ClassReport report) implements Command, NoSerializationVerificationNeeded {}

    private record Recorded(ClassRegistryActor.Report report) implements Command, NoSerializationVerificationNeeded {}

    /** The actor of a class has stopped. */
    record Stopped(int label) implements Command, NoSerializationVerificationNeeded {}

    /** The actor of a class that is being forgotten had its time to stop. */
    record LeavingIsLate(int label) implements Command, NoSerializationVerificationNeeded {}

    /** Whether everything of a class is out of the store. */
    record Erased(int label, boolean done) implements Command, NoSerializationVerificationNeeded {}

    private record SealingEnded(Optional<ClassEntry> entry, ActorRef<Sealed> replyTo)
            implements Command, NoSerializationVerificationNeeded {}

    private record Drained(ActorRef<Done> replyTo) implements Command, NoSerializationVerificationNeeded {}

    private final DeliveryProcessor admissions;
    private final ClassSupervisor keeping;
    private final List<Forget> early = new ArrayList<>();
    private boolean reading = true;
    private boolean draining;

    private IntakeActor(ActorContext<Command> context, IntakePlan plan) {
        super(context);
        ActorRef<ClassReport> reports = context.messageAdapter(ClassReport.class, Told::new);
        ActorRef<ClassRegistryActor.Report> records =
                context.messageAdapter(ClassRegistryActor.Report.class, Recorded::new);
        this.keeping = new ClassSupervisor(context, plan, reports, records);
        this.admissions = new DeliveryProcessor(keeping, plan);
    }

    /** An intake that begins by reading its store. */
    public static Behavior<Command> create(IntakePlan plan) {
        return Behaviors.setup(context -> new IntakeActor(context, plan));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Admit(var delivery, var replyTo) -> onAdmit(delivery, replyTo);
            case Seal(var name, var replyTo) -> onSeal(name, replyTo);
            case SealingEnded(var entry, var replyTo) -> replyTo.tell(new Sealed(entry.map(ClassEntry::handle)));
            case Forget forget -> onForget(forget);
            case Look(var replyTo) -> replyTo.tell(view());
            case Follow(var follower) -> keeping.follow(follower);
            case Drain(var replyTo) -> onDrain(replyTo);
            case Drained(var replyTo) -> replyTo.tell(Done.getInstance());
            case Stopped(var label) -> keeping.stopped(label);
            case LeavingIsLate(var label) -> keeping.late(label);
            case Erased(var label, var done) -> keeping.erased(label, done);
            case Told(var report) -> onReport(report);
            case Recorded(var report) -> onRecord(report);
        }
        return this;
    }

    private View view() {
        return new View(
                reading,
                keeping.classes().handles(),
                keeping.summary(),
                keeping.registryFailure(),
                admissions.bytesInFlight());
    }

    private void onAdmit(Delivery delivery, ActorRef<DeliveryOutcome> replyTo) {
        if (draining) {
            replyTo.tell(DeferredReplies.DRAINING);
        } else if (reading) {
            replyTo.tell(keeping.registryFailure().map(DeferredReplies::of).orElse(DeferredReplies.STARTING));
        } else {
            admissions.take(delivery, replyTo);
        }
    }

    private void onSeal(String name, ActorRef<Sealed> replyTo) {
        Optional<ClassEntry> entry = keeping.classes().named(name).filter(each -> each.durable() > 0);
        if (entry.isEmpty()) {
            replyTo.tell(new Sealed(Optional.empty()));
            return;
        }
        entry.get().enter(ClassPhase.SEALED);
        getContext()
                .pipeToSelf(
                        entry.get()
                                .<Done>ask(
                                        ClassCommand.Seal::new,
                                        getContext().getSystem().scheduler()),
                        (done, gone) -> new SealingEnded(entry.filter(each -> gone == null), replyTo));
    }

    /** A class that is on its way into the registry has to be there before it can go. */
    private void onForget(Forget forget) {
        if (keeping.isRegistering(forget.name())) {
            early.add(forget);
            return;
        }
        Optional<ClassEntry> entry = keeping.classes().named(forget.name());
        if (entry.isEmpty()) {
            forget.replyTo().tell(new Forgotten(false));
            return;
        }
        admissions.abandon(entry.get());
        keeping.forget(entry.get(), forget.replyTo());
    }

    private void onDrain(ActorRef<Done> replyTo) {
        draining = true;
        getContext().pipeToSelf(keeping.saveAll(), (done, failure) -> new Drained(replyTo));
    }

    private void onReport(ClassReport report) {
        Optional<ClassEntry> entry = keeping.classes().at(report.label());
        if (entry.isPresent()) {
            keeping.told(entry.get(), report);
            admissions.told(entry.get(), report);
            endReading();
        }
    }

    private void onRecord(ClassRegistryActor.Report report) {
        keeping.recorded(report);
        admissions.recorded(report);
        List<Forget> due = List.copyOf(early);
        early.clear();
        due.forEach(this::onForget);
        endReading();
    }

    private void endReading() {
        if (reading && keeping.isRead()) {
            reading = false;
            keeping.tellFollowers(keeping.summary());
        }
        admissions.proceed();
    }
}
