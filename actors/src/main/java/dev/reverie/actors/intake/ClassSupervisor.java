package dev.reverie.actors.intake;

import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Opens the classes that are registered, removes those that are forgotten, and notifies the subscribers of them. Owned
 * by the intake.
 */
final class ClassSupervisor {

    private static final String CLASS_DAMAGED = "The class '{}' is damaged in the store ({}), so it is not served."
            + " Restore the store from a backup, or forget the class.";
    private static final String CLASS_FAILED = "Cannot read or write the class '{}' in the store ({}). The service"
            + " tries again; if this recurs, check the disk or the database server.";

    private final ActorContext<IntakeActor.Command> context;
    private final ClassDirectory directory;
    private final InstantSource clock;
    private final ActorRef<ClassReport> reports;
    private final ClassTable classes = new ClassTable();
    private final List<ActorRef<ClassNotification>> subscribers = new ArrayList<>();
    private int nextToOpen;

    /**
     * Creates a supervisor without classes.
     *
     * @param reports receives the reports of the classes
     */
    ClassSupervisor(
            ActorContext<IntakeActor.Command> context,
            ClassDirectory directory,
            InstantSource clock,
            ActorRef<ClassReport> reports) {
        this.context = context;
        this.directory = directory;
        this.clock = clock;
        this.reports = reports;
    }

    ClassTable classes() {
        return classes;
    }

    /** Opens the classes that were registered since the last call, and returns those that were forgotten. */
    List<ClassEntry> onRegistry(ClassRegistryState registry) {
        List<ClassEntry> forgotten = classes.all().stream()
                .filter(entry -> !registry.names().containsKey(entry.index()))
                .toList();
        forgotten.forEach(this::remove);
        SortedMap<Integer, String> registered = registry.names().tailMap(nextToOpen);
        nextToOpen = registry.nextIndex();
        registered.forEach((index, label) ->
                classes.add(new ClassEntry(index, label, directory.open(context, registry, index, reports))));
        directory.onRegistry(registry);
        return forgotten;
    }

    private void remove(ClassEntry entry) {
        classes.remove(entry);
        entry.failAsks();
        entry.actor().tell(new ClassCommand.Stop());
        notifySubscribers(new ClassNotification.ClassForgotten(entry.index()));
    }

    /** Notes what a class has published, wherever the intake learns of it. */
    void onInfo(ClassEntry entry, ClassInfo info) {
        ClassPhase before = entry.info().phase();
        if (!entry.update(info)) {
            return;
        }
        if (entry.announce()) {
            notifySubscribers(new ClassNotification.ClassAdded(entry.known()));
        } else if (info.phase() != before) {
            notifySubscribers(new ClassNotification.PhaseChanged(info));
        }
    }

    void onFailed(ClassEntry entry, ClassReport.Failed failed) {
        if (entry.onFailed(failed, clock.instant())) {
            context.getLog()
                    .warn(
                            failed.failure() == StoreFailure.DAMAGED ? CLASS_DAMAGED : CLASS_FAILED,
                            entry.label(),
                            failed.detail());
        }
    }

    /** Adds a subscriber, and notifies it of each existing class. */
    void subscribe(ActorRef<ClassNotification> subscriber) {
        subscribers.add(subscriber);
        classes.all().stream()
                .filter(entry -> entry.info().seen() > 0)
                .forEach(entry -> subscriber.tell(new ClassNotification.ClassAdded(entry.known())));
    }

    void notifySubscribers(ClassNotification notification) {
        subscribers.forEach(subscriber -> subscriber.tell(notification));
    }
}
