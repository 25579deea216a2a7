package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.DeliveredFilesActor;
import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.ToLongFunction;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The entry point for samples, and the owner of all of a service's classes. The actor deals the samples of a delivery
 * to their classes, and replies when each class has judged its samples and stored the new ones. Every request gets
 * exactly one reply, unless its handling throws an exception.
 */
public final class IntakeActor extends AbstractMatchingBehavior<IntakeActor.Command> {

    /** A message to the intake. Like every reply to it, it stays in this process: each node has its own intake. */
    public sealed interface Command extends NoSerializationVerificationNeeded permits Request, IntakeSelfMessage {}

    public sealed interface Request extends Command {}

    public record Deliver(Delivery delivery, ActorRef<DeliveryOutcome> replyTo) implements Request {}

    /**
     * Seals a class, so that it drops its real images permanently, or changes whether it is to be sealed. The reply
     * follows when the change is durable.
     */
    public record Seal(String name, SealChange change, ActorRef<Sealed> replyTo) implements Request {}

    /** The class after the request, changed unless the store cannot be used; empty if no class has that name. */
    public record Sealed(Optional<ClassInfo> info) implements NoSerializationVerificationNeeded {}

    /** Forgets a class: deletes everything about it. The reply follows when the store has no more rows of the class. */
    public record Forget(String name, ActorRef<Forgotten> replyTo) implements Request {}

    /**
     * Whether a class of that name existed. If an earlier request is removing the class, the reply follows after it.
     */
    public record Forgotten(boolean existed) implements NoSerializationVerificationNeeded {}

    /**
     * Gives a class a name for people to read, or lets them read its label again. The reply follows when that is
     * durable, or when it has failed.
     */
    public record Rename(int classIndex, Optional<String> displayName, ActorRef<Renamed> replyTo) implements Request {}

    /** Whether the class has the name; not so if the registry cannot be written, or the class was forgotten. */
    public record Renamed(boolean done) implements NoSerializationVerificationNeeded {}

    /** Asks for the delivered files that their ingest source still has. The reply follows when they have been read. */
    public record GetDeliveredFiles(ActorRef<DeliveredKeys> replyTo) implements Request {}

    /** The delivered files; some of them may not be durable yet. */
    public record DeliveredKeys(FileKeys keys) implements NoSerializationVerificationNeeded {}

    /** Says that the ingest source no longer has these files and will not deliver them again. */
    public record RemoveDeliveredFiles(FileKeys keys) implements Request {}

    /**
     * Fixes the normalisation of the real data, unless it is fixed already. The reply follows when it is durable, or
     * when that has failed.
     */
    public record FixNormalisation(Normalisation wanted, ActorRef<FixedNormalisation> replyTo) implements Request {}

    /**
     * The normalisation that is fixed; empty if the registry has none, because it cannot be written or because the
     * wanted one does not fit its classes.
     */
    public record FixedNormalisation(Optional<Normalisation> normalisation)
            implements NoSerializationVerificationNeeded {}

    /** Says what a class has answered, so that no later overview shows it as it was before. */
    public record NoteClass(ClassInfo info) implements Request {}

    public record GetOverview(ActorRef<Overview> replyTo) implements Request {}

    /**
     * The intake's view of a service.
     *
     * @param loading whether the intake is still reading the store
     * @param classes classes that have durable samples or are damaged, in the order of first arrival
     * @param store numbers of classes, samples and images, and the names of the classes that cannot use the store
     * @param registryFailure failure of the class registry; empty while it can be read and written
     * @param pendingBytes approximate size of the deliveries without a reply in memory, in bytes
     * @param shape shape of the images of all classes; empty while there is no class
     * @param displayNames names that people read in place of labels, by the index of the class
     */
    public record Overview(
            boolean loading,
            List<OpenClass> classes,
            ClassNotification.StoreLoaded store,
            Optional<StoreFailure> registryFailure,
            long pendingBytes,
            Optional<ImageShape> shape,
            SortedMap<Integer, String> displayNames)
            implements NoSerializationVerificationNeeded {
        public Overview {
            classes = List.copyOf(classes);
        }

        /** The same state with newer knowledge of the same classes. */
        public Overview withClasses(List<OpenClass> newer) {
            ClassNotification.StoreLoaded counted = new ClassNotification.StoreLoaded(
                    store.classes(),
                    store.samples() + sum(newer, ClassInfo::seen) - sum(classes, ClassInfo::seen),
                    store.images() + sum(newer, ClassInfo::reservoir) - sum(classes, ClassInfo::reservoir),
                    store.failing());
            return new Overview(loading, newer, counted, registryFailure, pendingBytes, shape, displayNames);
        }

        private static long sum(List<OpenClass> some, ToLongFunction<ClassInfo> part) {
            return some.stream().map(OpenClass::info).mapToLong(part).sum();
        }

        /** What is known of these classes. */
        public List<ClassInfo> infos() {
            return classes.stream().map(OpenClass::info).toList();
        }
    }

    /** Subscribes to notifications, beginning with one for each existing class. */
    public record Subscribe(ActorRef<ClassNotification> subscriber) implements Request {}

    /** Stops accepting deliveries. The reply follows when all accepted samples and learned images are durable. */
    public record Drain(ActorRef<Drained> replyTo) implements Request {}

    /**
     * Everything is durable that can be saved.
     *
     * @param unsaved names of the classes that could not be saved
     */
    public record Drained(List<String> unsaved) implements NoSerializationVerificationNeeded {
        public Drained {
            unsaved = List.copyOf(unsaved);
        }
    }

    private static final Duration TICK = Duration.ofSeconds(1);

    private final IntakeSettings settings;
    private final ClassTable classes;
    private final ClassSupervisor supervisor;
    private final RegistryChanges registry;
    private final PendingDeliveries deliveries;
    private final ClassSealing sealing;
    private final DeliveredFiles files;
    private final IntakeDrain drain;

    private boolean loading = true;

    private IntakeActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            IntakeSettings settings,
            ClassDirectory directory) {
        super(context);
        timers.startTimerWithFixedDelay(IntakeSelfMessage.Tick.INSTANCE, TICK);
        this.settings = settings;
        this.supervisor = new ClassSupervisor(
                context,
                directory,
                settings.clock(),
                context.messageAdapter(ClassReport.class, IntakeSelfMessage.ClassReported::new));
        this.classes = supervisor.classes();
        this.registry = new RegistryChanges(
                context,
                settings,
                directory,
                classes,
                context.messageAdapter(ClassRegistryActor.Report.class, IntakeSelfMessage.RegistryReported::new));
        this.sealing = new ClassSealing(context, classes);
        this.drain = new IntakeDrain(context, classes, directory);
        this.files = new DeliveredFiles(
                context,
                settings,
                context.messageAdapter(
                        DeliveredFilesActor.Report.class, IntakeSelfMessage.DeliveredFilesReported::new));
        this.deliveries = new PendingDeliveries(
                classes,
                registry,
                files,
                settings,
                context.messageAdapter(ClassCommand.SamplesJudged.class, IntakeSelfMessage.Judged::new));
    }

    /** Creates an intake that first reads the registry and the state of the classes in a directory. */
    public static Behavior<Command> create(IntakeSettings settings, ClassDirectory directory) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new IntakeActor(context, timers, settings, directory)));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Deliver(var delivery, var replyTo) -> onDeliver(delivery, replyTo);
            case Seal(var name, var change, var replyTo) -> sealing.change(name, change, replyTo);
            case IntakeSelfMessage.SealCompleted(var entry, var answer, var forgotten, var replyTo) -> {
                answer.ifPresentOrElse(this::onClassInfo, entry::failSealing);
                replyTo.tell(new Sealed(entry.afterSealing(forgotten)));
            }
            case Forget forget -> registry.forget(forget);
            case Rename rename -> registry.rename(rename);
            case NoteClass(var info) -> onClassInfo(info);
            case GetOverview(var replyTo) -> replyTo.tell(overview());
            case GetDeliveredFiles(var replyTo) -> files.replyWhenRead(replyTo);
            case RemoveDeliveredFiles(var keys) -> files.remove(keys);
            case Subscribe(var subscriber) -> onSubscribe(subscriber);
            case FixNormalisation(var wanted, var replyTo) -> registry.fixNormalisation(wanted, replyTo);
            case Drain(var replyTo) -> {
                drain.begin(replyTo);
                saveIfIdle();
            }
            case IntakeSelfMessage.DrainCompleted(var askers, var unsaved) -> drain.onCompleted(askers, unsaved);
            case IntakeSelfMessage.Tick.INSTANCE -> {
                deliveries.onTick();
                registry.appendMissingEvents();
                classes.all().forEach(sealing::sealIfDue);
                saveIfIdle();
            }
            case IntakeSelfMessage.ClassReported(var report) -> onClassReport(report);
            case IntakeSelfMessage.Judged(var judged) -> {
                deliveries.onJudged(judged);
                onClassInfo(judged.info());
            }
            case IntakeSelfMessage.RegistryReported(var report) -> onRegistryReport(report);
            case IntakeSelfMessage.DeliveredFilesReported(var report) -> {
                deliveries.onFilesReport(report);
                files.onReport(report);
                saveIfIdle();
            }
        }
        return this;
    }

    private Overview overview() {
        return new Overview(
                loading,
                classes.known(),
                summary(),
                registry.failure(),
                deliveries.bytes(),
                registry.state().shape(),
                registry.state().displayNames());
    }

    private ClassNotification.StoreLoaded summary() {
        return classes.summary(settings.clock().instant());
    }

    private void onSubscribe(ActorRef<ClassNotification> subscriber) {
        supervisor.subscribe(subscriber);
        if (!loading) {
            subscriber.tell(summary());
        }
    }

    private void onDeliver(Delivery delivery, ActorRef<DeliveryOutcome> replyTo) {
        if (drain.hasBegun()) {
            replyTo.tell(Deferred.DRAINING);
        } else if (loading) {
            replyTo.tell(registry.failure().map(Deferred::of).orElse(Deferred.STARTING));
        } else if (settings.retention().isReadOnly()) {
            replyTo.tell(Deferred.of(StoreFailure.FULL));
        } else {
            deliveries.deliver(delivery, replyTo);
        }
    }

    /** Saves the classes for those who asked to drain, as soon as all samples and the registry are durable. */
    private void saveIfIdle() {
        if (deliveries.isEmpty() && !registry.isAppending()) {
            drain.onIdle();
        }
    }

    private void onClassReport(ClassReport report) {
        Optional<ClassEntry> entry = classes.at(report.index());
        switch (report) {
            case ClassInfo info -> {
                entry.ifPresent(ClassEntry::onWorks);
                onClassInfo(info);
            }
            case ClassReport.Failed failed -> {
                entry.ifPresent(failing -> {
                    deliveries.onClassFailed(failing, failed.failure());
                    supervisor.onFailed(failing, failed);
                });
                announceIfLoaded();
                saveIfIdle();
            }
        }
    }

    /** Notes what a class is now. A class on another node can answer a request before its own report arrives. */
    private void onClassInfo(ClassInfo info) {
        classes.at(info.index()).ifPresent(entry -> {
            if (entry.isRestartedBy(info)) {
                deliveries.onClassFailed(entry, StoreFailure.UNREACHABLE);
            }
            supervisor.onInfo(entry, info);
            if (info.seen() > 0) {
                registry.recordSamplesOf(info.index());
            }
            sealing.sealIfDue(entry);
        });
        announceIfLoaded();
        saveIfIdle();
    }

    private void onRegistryReport(ClassRegistryActor.Report report) {
        switch (report) {
            case ClassRegistryActor.Updated(var updated) -> {
                List<ClassEntry> forgotten = supervisor.onRegistry(updated);
                registry.onUpdated(updated);
                forgotten.forEach(deliveries::onForget);
                deliveries.onRegistryUpdated();
                registry.proceed();
            }
            case ClassRegistryActor.Failed failed -> {
                registry.onFailed(failed);
                deliveries.onRegistryFailed(failed.failure());
            }
        }
        announceIfLoaded();
        saveIfIdle();
    }

    private void announceIfLoaded() {
        if (loading && registry.hasRecovered() && classes.allSettled()) {
            loading = false;
            supervisor.notifySubscribers(summary());
        }
    }
}
