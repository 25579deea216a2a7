package dev.reverie.actors.registry;

import dev.reverie.actors.Asks;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;

/**
 * Owns the registry of a service: a child of the intake of a single process, or a singleton of a cluster. It persists
 * one change at a time, publishes the durable registry to its followers, and only then replies and takes the next
 * change. A reply about a change thus means that all followers that can be reached know all changes before it.
 *
 * <p>The registrar also deletes the rows of forgotten classes, as soon as no follower writes any more of them.
 */
public final class Registrar extends AbstractMatchingBehavior<Registrar.Command> {

    private static final Duration ERASE_RETRY = Duration.ofSeconds(5);

    public sealed interface Command {}

    /**
     * Appends events if the registry still has the revision. The reply has the registry after that, whether or not the
     * events were appended, or a failure of the store. Without events, it only asks for the registry.
     */
    public record Append(ClassRegistryActor.Append change, ActorRef<ClassRegistryActor.Report> replyTo)
            implements Command, Transferable {}

    /** Ends the registrar of a node that leaves, so that another node starts one. */
    public record Stop() implements Command, NoSerializationVerificationNeeded {}

    private record Reported(ClassRegistryActor.Report report) implements Command, NoSerializationVerificationNeeded {}

    private record Published(long revision) implements Command, NoSerializationVerificationNeeded {}

    private record EraseDue(int index) implements Command, NoSerializationVerificationNeeded {}

    private record Erased(int index, boolean succeeded) implements Command, NoSerializationVerificationNeeded {}

    /** The processes that act on the registry. */
    public interface Followers {

        /**
         * Publishes a durable registry.
         *
         * @param done creates the message that the registrar gets when all followers that can be reached have the
         *     registry
         */
        <M> void publish(ActorContext<M> registrar, ClassRegistryState registry, Supplier<M> done);

        /** Tells of a failure for which nobody waits; returns whether anybody was told. */
        boolean tell(ClassRegistryActor.Failed failed);

        /** Completes when no actor of a forgotten class writes rows that the store accepts. */
        CompletionStage<Done> departure(int index);
    }

    private final Retention retention;
    private final StoreDamage damage;
    private final InstantSource clock;
    private final Followers followers;
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

    private Registrar(
            ActorContext<Command> context,
            Retention retention,
            StoreDamage damage,
            InstantSource clock,
            Followers followers) {
        super(context);
        this.retention = retention;
        this.damage = damage;
        this.clock = clock;
        this.followers = followers;
        this.journal = context.spawn(
                ClassRegistryActor.create(
                        retention, context.messageAdapter(ClassRegistryActor.Report.class, Reported::new)),
                "journal");
        damage.of(ClassRegistryActor.PERSISTENCE_ID.id()).ifPresent(_ -> onDamaged("its rows are damaged"));
    }

    /**
     * Creates a registrar, which reads the registry first.
     *
     * @param damage the actors whose rows in the store are damaged
     */
    public static Behavior<Command> create(
            Retention retention, StoreDamage damage, InstantSource clock, Followers followers) {
        return Behaviors.supervise(Behaviors.<Command>setup(
                        context -> new Registrar(context, retention, damage, clock, followers)))
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
            case EraseDue(var index) -> erase(index);
            case Erased(var index, var succeeded) -> onErased(index, succeeded);
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
            new RegistryCheck(updated, damage)
                    .unregistered()
                    .ifPresent(id -> onDamaged("it lacks " + id + ", which has rows"));
            if (!damaged) {
                eraseLateRows(updated);
            }
        }
        if (!damaged) {
            registry = Optional.of(updated);
            busy = true;
            followers.publish(getContext(), updated, () -> new Published(updated.revision()));
        }
    }

    /** A shorter list of classes would assign indices twice, so a damaged one is not used. */
    private void onDamaged(String reason) {
        damaged = true;
        ClassRegistryActor.Failed failed = new ClassRegistryActor.Failed(StoreFailure.DAMAGED, reason);
        if (!followers.tell(failed)) {
            failed.log(getContext().getLog());
        }
    }

    /**
     * Deletes the rows that are left of classes that were forgotten before this process started. A late write of a
     * stopped actor may have been committed after the first deletion. Keeps rows that are damaged, since they may
     * belong to another class.
     */
    private void eraseLateRows(ClassRegistryState known) {
        Logger log = getContext().getSystem().log();
        retention
                .eraseAll(id -> {
                    OptionalInt index = ClassPersistenceId.indexOf(id);
                    return index.isPresent()
                            && known.isForgotten(index.getAsInt())
                            && damage.of(id).isEmpty();
                })
                .exceptionally(failure -> {
                    log.warn(
                            "Could not delete late events of forgotten classes from the store: {}."
                                    + " The next start tries again; nothing needs to be done.",
                            Asks.reasonOf(Asks.causeOf(failure)));
                    return Done.getInstance();
                });
    }

    private void onPublished(long revision) {
        registry.filter(now -> now.revision() == revision).ifPresent(now -> {
            busy = false;
            current.ifPresent(done -> done.replyTo().tell(new ClassRegistryActor.Updated(now)));
            current = Optional.empty();
            erased.retainAll(now.forgetting());
            erasing.retainAll(now.forgetting());
            now.forgetting().stream()
                    .filter(erasing::add)
                    .forEach(index -> Asks.pipeToSelf(
                            getContext(),
                            followers.departure(index),
                            _ -> new EraseDue(index),
                            _ -> new EraseDue(index)));
        });
    }

    private void onFailed(ClassRegistryActor.Failed failed) {
        registry = Optional.empty();
        busy = false;
        // whoever is told warns of it
        boolean isTold = followers.tell(failed) || current.isPresent() || !waiting.isEmpty();
        if (!isTold && unwritable.isDue(failed.failure(), clock.instant())) {
            failed.log(getContext().getLog());
        }
        fail(failed);
    }

    private void fail(ClassRegistryActor.Failed failed) {
        current.ifPresent(append -> append.replyTo().tell(failed));
        current = Optional.empty();
        waiting.forEach(append -> append.replyTo().tell(failed));
        waiting.clear();
    }

    private void erase(int index) {
        Asks.pipeToSelf(
                getContext(),
                retention.erase(ClassPersistenceId.of(index).id()),
                _ -> new Erased(index, true),
                failure -> {
                    warnOf(failure);
                    return new Erased(index, false);
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

    private void onErased(int index, boolean succeeded) {
        if (succeeded) {
            notErased.reset();
            erased.add(index);
        } else {
            getContext().scheduleOnce(ERASE_RETRY, getContext().getSelf(), new EraseDue(index));
        }
    }
}
