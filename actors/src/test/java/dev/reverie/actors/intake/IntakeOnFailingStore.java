package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;

import dev.reverie.actors.Asks;
import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.store.FailingStore;
import dev.reverie.actors.store.NoRetention;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.actors.telemetry.IngestSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;

/** An intake on an in-memory store that fails on demand. */
final class IntakeOnFailingStore implements AutoCloseable {

    private static final int ATTEMPTS = 60_000;
    private static final long PAUSE_NS = 1_000_000;

    private final FailingStore store = new FailingStore();
    private final NoRetention retention = new NoRetention();
    private ActorRef<IntakeActor.Command> intake = spawn();

    private ActorRef<IntakeActor.Command> spawn() {
        IntakeSettings settings = IntakeExamples.on(retention, new StoreDamage(Map.of(), classesWithRows()));
        return store.testKit().spawn(IntakeActor.create(settings, ClassDirectory.local(settings)));
    }

    private Set<String> classesWithRows() {
        return IntStream.range(0, 10)
                .mapToObj(index -> ClassPersistenceId.of(index).id())
                .filter(id -> !journal().persistedInStorage(id).isEmpty())
                .collect(Collectors.toSet());
    }

    /** Controls the journal: which writes fail, and what was written. */
    PersistenceTestKit journal() {
        return store.journal();
    }

    /** Fills the disk, so that the store becomes read-only, and returns true. */
    boolean fillDisk() {
        retention.setReadOnly(true);
        return true;
    }

    /** Lets the store fail to delete rows. */
    void failDeletions(Throwable failure) {
        retention.failDeletions(failure);
    }

    void freeDisk() {
        retention.setReadOnly(false);
    }

    /** Stops the intake, so that {@link #start} can start another one on the same store. */
    void stop() {
        store.testKit().stop(intake);
    }

    void start() {
        intake = spawn();
    }

    CompletionStage<DeliveryOutcome> deliver(List<Sample> samples) {
        return ask(replyTo -> new IntakeActor.Deliver(new Delivery(IngestSource.HTTP, samples), replyTo));
    }

    /** Repeats a delivery until it is no longer deferred. */
    DeliveryOutcome deliverWithRetries(List<Sample> samples) {
        return repeat(() -> deliver(samples), outcome -> !(outcome instanceof DeliveryOutcome.Deferred));
    }

    /** Repeats a request until the reply is as expected; fails after a minute or more. */
    <R> R repeat(Supplier<CompletionStage<R>> request, Predicate<R> expected) {
        R reply = join(request.get());
        for (int attempt = 1; !expected.test(reply); attempt++) {
            if (attempt == ATTEMPTS) {
                throw new AssertionError("the last of many replies is still " + reply);
            }
            LockSupport.parkNanos(PAUSE_NS);
            reply = join(request.get());
        }
        return reply;
    }

    CompletionStage<IntakeActor.Sealed> seal(String name) {
        return ask(replyTo -> new IntakeActor.Seal(name, SealChange.NOW, replyTo));
    }

    CompletionStage<IntakeActor.Forgotten> forget(String name) {
        return ask(replyTo -> new IntakeActor.Forget(name, replyTo));
    }

    ActorSystem<?> system() {
        return store.testKit().system();
    }

    IntakeActor.Overview overview() {
        return join(ask(IntakeActor.GetOverview::new));
    }

    <R> CompletionStage<R> ask(Function<ActorRef<R>, IntakeActor.Command> message) {
        return ask(intake, message);
    }

    /** Asks any actor of the system. */
    <M, R> CompletionStage<R> ask(ActorRef<M> actor, Function<ActorRef<R>, M> message) {
        return Asks.ask(actor, message, system().scheduler());
    }

    @Override
    public void close() {
        store.close();
    }
}
