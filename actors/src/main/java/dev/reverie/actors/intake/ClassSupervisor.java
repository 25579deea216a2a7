package dev.reverie.actors.intake;

import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Knows the registry and all classes: registers and opens new classes, and removes forgotten ones. Owned by the intake.
 */
final class ClassSupervisor {

    private static final String CLASS_DAMAGED = "The class '{}' is damaged in the store ({}), so it is not served."
            + " Restore the store from a backup, or forget the class.";
    private static final String CLASS_FAILED = "Cannot read or write the class '{}' in the store ({}). The service"
            + " tries again; if this recurs, check the disk or the database server.";

    private final ActorContext<IntakeActor.Command> context;
    private final IntakeSettings settings;
    private final ClassDirectory directory;
    private final ActorRef<ClassReport> classReports;
    private final ClassTable classes = new ClassTable();
    private final ClassRemovals removals;
    private final RegistryWriter writer;
    private final List<ActorRef<ClassNotification>> subscribers = new ArrayList<>();
    private int nextToOpen;

    ClassSupervisor(
            ActorContext<IntakeActor.Command> context,
            IntakeSettings settings,
            ClassDirectory directory,
            ActorRef<ClassReport> classReports,
            ActorRef<ClassRegistryActor.Report> registryReports) {
        this.context = context;
        this.settings = settings;
        this.directory = directory;
        this.classReports = classReports;
        this.removals = new ClassRemovals();
        this.writer = new RegistryWriter(context, settings, directory, removals, registryReports);
    }

    ClassTable classes() {
        return classes;
    }

    Optional<ImageShape> shape() {
        return writer.registry().shape();
    }

    /** Failure of the registry; empty while it can be read and written. */
    Optional<StoreFailure> registryFailure() {
        return writer.failure();
    }

    /** Whether the registry has recovered, and every class has recovered or is damaged. */
    boolean isLoaded() {
        return writer.hasRecovered() && classes.allSettled();
    }

    /** Registers the classes that the registry does not have. It reports when they are durable. */
    void register(Collection<String> names, ImageShape shape) {
        writer.register(names, shape);
    }

    /** Fixes the normalisation, unless the registry has one already, and replies with the one that the registry has. */
    void fixNormalisation(Normalisation wanted, ActorRef<IntakeActor.FixedNormalisation> replyTo) {
        writer.fixNormalisation(wanted, replyTo);
    }

    /** Whether a new class is being registered. */
    boolean isRegistering(String name) {
        return writer.isRegistering(name);
    }

    /** Replies that no class has this name, as soon as that is durable. */
    void replyWhenRemoved(String name, ActorRef<IntakeActor.Forgotten> replyTo) {
        removals.replyWhenRemoved(name, replyTo);
    }

    /**
     * Starts to remove a class, and replies when the store has no more rows of the class. The class works as before
     * until the start of its removal is durable, because a kill would bring it back until then.
     */
    void forget(ClassEntry entry, ActorRef<IntakeActor.Forgotten> replyTo) {
        removals.start(entry, replyTo);
        writer.appendMissingEvents();
    }

    /** Whether the registry is persisting a change. */
    boolean isChangingRegistry() {
        return writer.isAppending();
    }

    /** Appends to the registry what it lacks, which a full disk may have prevented before. */
    void appendMissingEvents() {
        writer.appendMissingEvents();
    }

    /** Handles a report from the registry. Returns the classes that the service no longer has. */
    List<ClassEntry> onRegistryReport(ClassRegistryActor.Report report) {
        return switch (report) {
            case ClassRegistryActor.Updated(var updated) -> onRegistryUpdated(updated);
            case ClassRegistryActor.Failed failed -> {
                writer.onFailed(failed);
                yield List.of();
            }
        };
    }

    private List<ClassEntry> onRegistryUpdated(ClassRegistryState updated) {
        writer.onUpdated(updated);
        List<ClassEntry> forgotten = removeForgotten();
        openRegistered();
        directory.onRegistry(updated);
        removals.reply(updated);
        writer.appendMissingEvents();
        return forgotten;
    }

    private List<ClassEntry> removeForgotten() {
        List<ClassEntry> forgotten = classes.all().stream()
                .filter(entry -> !writer.registry().names().containsKey(entry.index()))
                .toList();
        for (ClassEntry entry : forgotten) {
            classes.remove(entry);
            entry.failAsks();
            entry.actor().tell(new ClassCommand.Stop());
            notifySubscribers(new ClassNotification.ClassForgotten(entry.index()));
        }
        return forgotten;
    }

    /** Opens the classes that were registered since the last call. */
    private void openRegistered() {
        SortedMap<Integer, String> registered = writer.registry().names().tailMap(nextToOpen);
        nextToOpen = writer.registry().nextIndex();
        registered.forEach((index, label) -> {
            writer.onOpened(label);
            classes.add(new ClassEntry(index, label, directory.open(context, writer.registry(), index, classReports)));
        });
    }

    /** Notes what a class has published, wherever the intake learns of it. */
    void onInfo(ClassEntry entry, ClassInfo info) {
        ClassPhase before = entry.info().phase();
        if (!entry.update(info)) {
            return;
        }
        if (info.seen() > 0) {
            writer.recordSamplesOf(info.index());
        }
        if (entry.announce()) {
            notifySubscribers(new ClassNotification.ClassAdded(entry.known()));
        } else if (info.phase() != before) {
            notifySubscribers(new ClassNotification.PhaseChanged(info));
        }
    }

    void onFailed(ClassEntry entry, ClassReport.Failed failed) {
        if (entry.onFailed(failed, settings.clock().instant())) {
            context.getLog()
                    .warn(
                            failed.failure() == StoreFailure.DAMAGED ? CLASS_DAMAGED : CLASS_FAILED,
                            entry.label(),
                            failed.detail());
        }
    }

    void subscribe(ActorRef<ClassNotification> subscriber) {
        subscribers.add(subscriber);
        classes.all().stream()
                .filter(entry -> entry.info().seen() > 0)
                .forEach(entry -> subscriber.tell(new ClassNotification.ClassAdded(entry.known())));
        if (isLoaded()) {
            subscriber.tell(summary());
        }
    }

    /** Counts classes, samples and images, and names the classes that cannot use the store. */
    ClassNotification.StoreLoaded summary() {
        return classes.summary(settings.clock().instant());
    }

    void notifySubscribers(ClassNotification notification) {
        subscribers.forEach(subscriber -> subscriber.tell(notification));
    }
}
