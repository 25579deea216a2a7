package dev.reverie.actors.intake;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Asks;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.Image;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.typed.ActorRef;

/** An intake with its own actor system on a store. */
public final class RunningIntake implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final Store store;
    private final ActorTestKit testKit;
    private final ActorRef<IntakeActor.Command> intake;

    private RunningIntake(Store store, ActorTestKit testKit, ActorRef<IntakeActor.Command> intake) {
        this.store = store;
        this.testKit = testKit;
        this.intake = intake;
    }

    /** Starts an intake and waits until it has read its store. */
    public static RunningIntake on(Store store, IntakeLimits limits) {
        return loaded(started(store, limits, ConfigFactory.empty()));
    }

    /** Starts an intake whose images all have some channels, and waits until it has read its store. */
    static RunningIntake on(Store store, OptionalInt channels) {
        return loaded(started(store, IntakeLimits.DEFAULT, channels, ConfigFactory.empty()));
    }

    private static RunningIntake loaded(RunningIntake running) {
        running.awaitLoaded();
        return running;
    }

    /** Starts an intake, which may be unable to read its store. */
    static RunningIntake started(Store store, IntakeLimits limits, Config overrides) {
        return started(store, limits, OptionalInt.empty(), overrides);
    }

    private static RunningIntake started(Store store, IntakeLimits limits, OptionalInt channels, Config overrides) {
        store.startUpkeep(System::nanoTime);
        ActorTestKit testKit = ActorTestKit.create(
                "reverie",
                overrides
                        .withFallback(store.configuration())
                        .withFallback(ConfigFactory.load("reverie"))
                        .resolve());
        IntakeSettings settings = IntakeExamples.on(store).withLimits(limits).withChannels(channels);
        return new RunningIntake(
                store, testKit, testKit.spawn(IntakeActor.create(settings, ClassDirectory.local(settings)), "intake"));
    }

    private void awaitLoaded() {
        var probe = testKit.<ClassNotification>createTestProbe();
        intake.tell(new IntakeActor.Subscribe(probe.ref()));
        probe.fishForMessage(
                TIMEOUT,
                notification -> notification instanceof ClassNotification.StoreLoaded
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
    }

    static List<Sample> samples(String label, int count, long seed) {
        List<Sample> samples = new ArrayList<>();
        for (Image image : Samples.images(count, 31 * seed + label.hashCode())) {
            samples.add(sample(label, label + "-" + seed + "-" + samples.size(), image));
        }
        return samples;
    }

    public static Sample sample(String label, String id, Image image) {
        return new Sample(label, Optional.of(id), image);
    }

    public CompletionStage<DeliveryOutcome> deliverAsync(List<Sample> samples) {
        return deliverAsync(new Delivery(IngestSource.HTTP, samples));
    }

    CompletionStage<DeliveryOutcome> deliverAsync(Delivery delivery) {
        return askAsync(replyTo -> new IntakeActor.Deliver(delivery, replyTo));
    }

    public DeliveryOutcome deliver(List<Sample> samples) {
        return join(deliverAsync(samples));
    }

    /** Repeats a delivery until it is no longer deferred. */
    DeliveryOutcome deliverWithRetries(List<Sample> samples) {
        DeliveryOutcome outcome = deliver(samples);
        while (outcome instanceof DeliveryOutcome.Deferred) {
            LockSupport.parkNanos(10_000_000);
            outcome = deliver(samples);
        }
        return outcome;
    }

    public <R> R ask(Function<ActorRef<R>, IntakeActor.Command> message) {
        return join(askAsync(message));
    }

    void removeFiles(FileKeys keys) {
        intake.tell(new IntakeActor.RemoveDeliveredFiles(keys));
    }

    /** Asks without waiting for the reply. */
    <R> CompletionStage<R> askAsync(Function<ActorRef<R>, IntakeActor.Command> message) {
        return Asks.ask(intake, message, testKit.system().scheduler());
    }

    <R> R askClass(String name, Function<ActorRef<R>, ClassMessage> message) {
        return join(askClassAsync(name, message));
    }

    /** Asks a class without waiting for the reply. */
    <R> CompletionStage<R> askClassAsync(String name, Function<ActorRef<R>, ClassMessage> message) {
        return Asks.ask(classActor(name), message, testKit.system().scheduler());
    }

    ActorRef<ClassMessage> classActor(String name) {
        return overview().classes().stream()
                .filter(each -> each.info().label().equals(name))
                .findFirst()
                .orElseThrow()
                .actor();
    }

    ClassInfo info(String name) {
        return askClass(name, ClassCommand.GetInfo::new);
    }

    public IntakeActor.Overview overview() {
        return ask(IntakeActor.GetOverview::new);
    }

    public IntakeActor.Drained drain() {
        return ask(IntakeActor.Drain::new);
    }

    public Store store() {
        return store;
    }

    static <R> R join(CompletionStage<R> stage) {
        return stage.toCompletableFuture()
                .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Stops the actors at once, without draining, and closes the store. */
    @Override
    public void close() {
        testKit.shutdownTestKit();
        store.close();
    }
}
