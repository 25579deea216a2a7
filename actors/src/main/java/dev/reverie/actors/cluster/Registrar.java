package dev.reverie.actors.cluster;

import dev.reverie.actors.Asks;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.intake.IntakePlan;
import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.registry.RegistryCheck;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Owns the registry of a cluster; a Cluster Singleton. It persists one change at a time, publishes the durable registry
 * to all nodes, and only then replies and takes the next change. A reply about a change thus means that all reachable
 * nodes know all changes before it.
 *
 * <p>The registrar also deletes the rows of forgotten classes. It need not wait until their actors have stopped,
 * because the store rejects all rows that they write later.
 */
final class Registrar extends AbstractMatchingBehavior<Registrar.Command> {

    /** Time after which a published registry shows on all nodes, which look for a new one every 50 ms. */
    private static final Duration VISIBLE = Duration.ofMillis(200);

    private static final Duration ERASE_RETRY = Duration.ofSeconds(5);

    sealed interface Command {}

    /**
     * Appends events if the registry still has the revision. The reply has the registry after that, whether or not the
     * events were appended, or a failure of the store. Without events, it only asks for the registry.
     */
    record Append(ClassRegistryActor.Append change, ActorRef<ClassRegistryActor.Report> replyTo)
            implements Command, Transferable {}

    /** Ends the registrar of a node that leaves, so that another node starts one. */
    record Stop() implements Command, NoSerializationVerificationNeeded {}

    private record Reported(ClassRegistryActor.Report report) implements Command, NoSerializationVerificationNeeded {}

    private record Published(long revision) implements Command, NoSerializationVerificationNeeded {}

    private record EraseDue(int label) implements Command, NoSerializationVerificationNeeded {}

    private record Erased(int label, boolean succeeded) implements Command, NoSerializationVerificationNeeded {}

    private final IntakePlan plan;
    private final RegistryView<Command> view;
    private final ActorRef<ClassRegistryActor.Append> journal;
    private final Deque<Append> waiting = new ArrayDeque<>();
    private Optional<Append> current = Optional.empty();
    /** The durable registry; empty before it is read, and after a failure. */
    private Optional<ClassRegistryState> registry = Optional.empty();

    private boolean busy;
    private boolean checked;
    private boolean damaged;
    /** Forgotten classes whose rows are being deleted, or are deleted. */
    private final Set<Integer> erasing = new HashSet<>();

    private final Set<Integer> erased = new HashSet<>();
    private final ThrottledWarning unwritable = new ThrottledWarning();
    private final ThrottledWarning notErased = new ThrottledWarning();

    private Registrar(ActorContext<Command> context, IntakePlan plan) {
        super(context);
        this.plan = plan;
        this.view = new RegistryView<>(context);
        this.journal = context.spawn(
                ClassRegistryActor.create(
                        plan.retention(), context.messageAdapter(ClassRegistryActor.Report.class, Reported::new)),
                "registry");
        plan.damage().of(ClassRegistryActor.PERSISTENCE_ID.id()).ifPresent(this::onDamaged);
    }

    static Behavior<Command> create(IntakePlan plan) {
        return Behaviors.supervise(Behaviors.<Command>setup(context -> new Registrar(context, plan)))
                .onFailure(SupervisorStrategy.restart());
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Append append -> waiting.add(append);
            case Stop _ -> {
                return Behaviors.stopped();
            }
            case Reported(ClassRegistryActor.Updated(var updated)) -> onUpdated(updated);
            case Reported(ClassRegistryActor.Failed failed) -> onFailed(failed);
            case Published(var revision) -> onPublished(revision);
            case EraseDue(var label) -> erase(label);
            case Erased(var label, var succeeded) -> onErased(label, succeeded);
        }
        proceed();
        return this;
    }

    /** Takes changes until one has to be persisted. */
    private void proceed() {
        if (damaged) {
            fail(new ClassRegistryActor.Failed(StoreFailure.DAMAGED, "the list of classes is damaged"));
        }
        while (!busy && registry.isPresent()) {
            ClassRegistryState now = registry.get();
            List<ClassRegistryEvent> removals = now.forgetting().stream()
                    .filter(erased::contains)
                    .<ClassRegistryEvent>map(ClassRegistryEvent.Forgotten::new)
                    .toList();
            if (!removals.isEmpty()) {
                persist(new ClassRegistryActor.Append(now.revision(), removals));
            } else if (waiting.isEmpty()) {
                return;
            } else {
                take(waiting.remove(), now);
            }
        }
    }

    private void take(Append next, ClassRegistryState now) {
        if (next.change().revision() == now.revision()
                && !next.change().events().isEmpty()) {
            current = Optional.of(next);
            persist(next.change());
        } else {
            next.replyTo().tell(new ClassRegistryActor.Updated(now));
        }
    }

    private void persist(ClassRegistryActor.Append change) {
        busy = true;
        journal.tell(change);
    }

    private void onUpdated(ClassRegistryState updated) {
        if (!checked) {
            checked = true;
            new RegistryCheck(updated, plan.damage())
                    .unregistered()
                    .ifPresent(id -> onDamaged("it lacks " + id + ", which has rows"));
        }
        if (!damaged) {
            registry = Optional.of(updated);
            busy = true;
            view.publish(updated, () -> new Published(updated.revision()));
        }
    }

    private void onDamaged(String reason) {
        damaged = true;
        logDamage(reason);
    }

    private void logDamage(String reason) {
        getContext()
                .getLog()
                .error(
                        "The list of classes in the store is damaged ({}), so the service can serve no class. Restore"
                                + " the store from a backup.",
                        reason);
    }

    private void onPublished(long revision) {
        registry.filter(now -> now.revision() == revision).ifPresent(now -> {
            busy = false;
            current.ifPresent(done -> done.replyTo().tell(new ClassRegistryActor.Updated(now)));
            current = Optional.empty();
            erased.retainAll(now.forgetting());
            erasing.retainAll(now.forgetting());
            now.forgetting().stream().filter(erasing::add).forEach(label -> eraseAfter(VISIBLE, label));
        });
    }

    private void onFailed(ClassRegistryActor.Failed failed) {
        registry = Optional.empty();
        busy = false;
        boolean isTold = current.isPresent() || !waiting.isEmpty(); // a node that is told warns of it itself
        if (!isTold && unwritable.isDue(failed.failure(), plan.clock().instant())) {
            log(failed);
        }
        fail(failed);
    }

    private void log(ClassRegistryActor.Failed failed) {
        if (failed.failure() == StoreFailure.DAMAGED) {
            logDamage(failed.detail());
        } else {
            getContext()
                    .getLog()
                    .warn(
                            "Cannot read or write the list of classes in the store ({}). The service tries again; if"
                                    + " this recurs, check the database server.",
                            failed.detail());
        }
    }

    private void fail(ClassRegistryActor.Failed failed) {
        current.ifPresent(append -> append.replyTo().tell(failed));
        current = Optional.empty();
        waiting.forEach(append -> append.replyTo().tell(failed));
        waiting.clear();
    }

    private void erase(int label) {
        Asks.pipeToSelf(
                getContext(),
                plan.retention().erase(ClassPersistenceId.of(label).id()),
                _ -> new Erased(label, true),
                failure -> {
                    warnOf(failure);
                    return new Erased(label, false);
                });
    }

    private void warnOf(Throwable failure) {
        if (notErased.isDue(StoreFailure.of(failure))) {
            getContext()
                    .getLog()
                    .warn(
                            "Could not delete a forgotten class from the store: {}. The service tries again; if this"
                                    + " recurs, check the database server, and that the service may delete rows.",
                            Asks.reasonOf(failure));
        }
    }

    private void onErased(int label, boolean succeeded) {
        if (succeeded) {
            notErased.reset();
            erased.add(label);
        } else {
            eraseAfter(ERASE_RETRY, label);
        }
    }

    private void eraseAfter(Duration pause, int label) {
        getContext().scheduleOnce(pause, getContext().getSelf(), new EraseDue(label));
    }
}
