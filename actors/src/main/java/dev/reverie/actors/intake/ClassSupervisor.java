package dev.reverie.actors.intake;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.lifecycle.DurableClassActor;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Keeps the registry and the actors of all classes: spawns them, deals them their capacity, lets them go. Owned by the
 * intake.
 *
 * <p>What is wanted is compared with what the registry says whenever it says something, and what is missing is written
 * then; so a write that was lost in a failure of the store is simply wanted again.
 */
final class ClassSupervisor {

    private final ActorContext<IntakeActor.Command> context;
    private final IntakePlan plan;
    private final ActorRef<ClassReport> reports;
    private final ActorRef<ClassRegistryActor.Write> registrar;
    private final ClassTable classes = new ClassTable();
    private final ClassRemovals departures;
    private final List<ActorRef<ClassNotification>> followers = new ArrayList<>();
    private final Set<String> wantedLabels = new LinkedHashSet<>();
    private Optional<ImageShape> wantedShape = Optional.empty();
    private ClassRegistry registry = ClassRegistry.EMPTY;
    private boolean recovered;
    private boolean writing;
    private Optional<StoreFailure> registryFailure = Optional.empty();

    ClassSupervisor(
            ActorContext<IntakeActor.Command> context,
            IntakePlan plan,
            ActorRef<ClassReport> reports,
            ActorRef<ClassRegistryActor.Report> records) {
        this.context = context;
        this.plan = plan;
        this.reports = reports;
        this.departures = new ClassRemovals(context, plan.retention());
        this.registrar = context.spawn(ClassRegistryActor.create(plan.retention(), records), "registry");
    }

    ClassTable classes() {
        return classes;
    }

    Optional<ImageShape> shape() {
        return registry.shape();
    }

    /** Why the registry can't be read or written; empty while it can. */
    Optional<StoreFailure> registryFailure() {
        return registryFailure;
    }

    /** Whether the store has told everything it can. */
    boolean isRead() {
        return recovered && classes.areSettled();
    }

    /** New labels are to be known; once they are, the registry says so. */
    void register(List<String> labels, ImageShape shape) {
        wantedLabels.addAll(labels);
        wantedShape = Optional.of(shape);
        write();
    }

    /** Whether the registry is about to say that there is such a class. */
    boolean isRegistering(String label) {
        return wantedLabels.contains(label);
    }

    /** The class is gone at once; answered when nothing is left of it in the store. */
    void forget(ClassEntry entry, ActorRef<IntakeActor.Forgotten> replyTo) {
        classes.remove(entry);
        entry.leave();
        departures.begin(entry, replyTo);
        tellFollowers(new ClassNotification.Gone(entry.label()));
        write();
    }

    void late(int label) {
        departures.late(label);
    }

    void stopped(int label) {
        departures.stopped(label);
        write();
    }

    void erased(int label, boolean done) {
        departures.erased(label, done);
        write();
    }

    private void write() {
        List<ClassRegistryEvent> events = new ArrayList<>();
        List<String> unknown = wantedLabels.stream()
                .filter(label -> classes.named(label).isEmpty())
                .toList();
        if (!unknown.isEmpty()) {
            if (registry.shape().isEmpty()) {
                ImageShape shape = wantedShape.orElseThrow();
                events.add(new ClassRegistryEvent.Founded(
                        plan.settings().apply(shape).seed(), shape));
            }
            events.add(new ClassRegistryEvent.LabelsRegistered(unknown));
        }
        events.addAll(departures.missing(registry));
        if (!writing && registryFailure.isEmpty() && recovered && !events.isEmpty()) {
            writing = true;
            registrar.tell(new ClassRegistryActor.Write(registry.revision(), events));
        }
    }

    void recorded(ClassRegistryActor.Report report) {
        switch (report) {
            case ClassRegistryActor.Current(var current) -> {
                registry = current;
                if (!recovered) {
                    departures.sweep(registry);
                }
                recovered = true;
                writing = false;
                registryFailure = Optional.empty();
                spawnMissing();
                departures.settle(registry);
                write();
            }
            case ClassRegistryActor.Failed(var failure, var detail) -> {
                registryFailure = Optional.of(failure);
                wantedLabels.clear();
                wantedShape = Optional.empty();
                context.getLog().warn("The registry of the store failed: {}", detail);
            }
        }
    }

    private void spawnMissing() {
        int before = classes.count();
        for (int label = 0; label < registry.labels().size(); label++) {
            Optional<String> name = registry.labels().get(label);
            if (name.isPresent() && classes.at(label).isEmpty() && !departures.includes(label)) {
                spawn(label, name.get());
            }
        }
        if (classes.count() != before) {
            classes.all().forEach(this::deal);
        }
    }

    private void spawn(int label, String name) {
        wantedLabels.remove(name);
        long key = Seeds.of(
                registry.founding().map(ClassRegistryEvent.Founded::seed).orElseThrow(),
                Seeds.Purpose.RESERVOIR,
                label);
        ClassCapacity capacity = capacity();
        ActorRef<ClassMessage> actor = context.spawn(
                DurableClassActor.create(
                        new DurableClassActor.Founding(label, key, capacity),
                        plan.settings().apply(registry.shape().orElseThrow()),
                        plan.retention(),
                        plan.clock(),
                        reports),
                "class-" + label);
        context.watchWith(actor, new IntakeActor.Stopped(label));
        classes.add(new ClassEntry(label, name, actor, capacity));
    }

    private ClassCapacity capacity() {
        return plan.limits()
                .capacity(
                        Math.max(1, classes.count()),
                        registry.shape().orElseThrow().size());
    }

    private void deal(ClassEntry entry) {
        ClassCapacity now = capacity();
        if (!now.equals(entry.capacity())) {
            entry.resize(now);
            entry.actor().tell(new ClassCommand.ChangeCapacity(now));
        }
    }

    void told(ClassEntry entry, ClassReport report) {
        switch (report) {
            case ClassReport.Recovered back -> {
                entry.recovered(back);
                if (back.capacity().filter(entry.capacity()::equals).isEmpty()) {
                    entry.actor().tell(new ClassCommand.ChangeCapacity(entry.capacity()));
                }
            }
            case ClassReport.Admitted admitted -> entry.admitted(admitted);
            case ClassReport.PhaseEntered(var label, var phase) -> {
                entry.enter(phase);
                tellFollowers(new ClassNotification.Changed(label, phase));
            }
            case ClassReport.Failed failed -> {
                entry.failed(failed, plan.clock().instant());
                context.getLog().warn("Class '{}' can't use the store: {}", entry.name(), failed.detail());
            }
        }
        if (entry.announce()) {
            tellFollowers(new ClassNotification.Appeared(entry.handle()));
        }
    }

    void follow(ActorRef<ClassNotification> follower) {
        followers.add(follower);
        classes.all().stream()
                .filter(entry -> entry.durable() > 0)
                .forEach(entry -> follower.tell(new ClassNotification.Appeared(entry.handle())));
        if (isRead()) {
            follower.tell(summary());
        }
    }

    /** What there is, in one line. */
    ClassNotification.StoreRead summary() {
        return classes.summary(plan.clock().instant());
    }

    void tellFollowers(ClassNotification news) {
        followers.forEach(follower -> follower.tell(news));
    }

    /** Completes when everything is durable that was sent to a class or learned by it; a class that failed is left. */
    CompletionStage<List<Done>> saveAll() {
        return Asks.all(classes.all().stream()
                .filter(ClassEntry::isReady)
                .map(entry -> entry.<Done>ask(
                                ClassCommand.Save::new, context.getSystem().scheduler())
                        .exceptionally(gone -> Done.getInstance()))
                .toList());
    }
}
