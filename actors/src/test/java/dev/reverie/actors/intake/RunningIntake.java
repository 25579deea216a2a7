package dev.reverie.actors.intake;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Asks;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassView;
import dev.reverie.actors.store.Store;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.Method;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.typed.ActorRef;

/** An intake on a store, as a service has it. */
public final class RunningIntake implements AutoCloseable {

    /** Enough for all small images. */
    static final long LEARNED_BYTES = 1 << 30;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Store store;
    private final ActorTestKit testKit;
    private final ActorRef<IntakeActor.Command> intake;

    private RunningIntake(Store store, ActorTestKit testKit, ActorRef<IntakeActor.Command> intake) {
        this.store = store;
        this.testKit = testKit;
        this.intake = intake;
    }

    /** Opens the store and waits until it is read. */
    public static RunningIntake on(Store store, IntakeLimits limits) {
        return on(store, limits, ConfigFactory.empty());
    }

    static RunningIntake on(Store store, IntakeLimits limits, Config first) {
        ActorTestKit testKit = ActorTestKit.create(
                "reverie",
                first.withFallback(store.configuration())
                        .withFallback(ConfigFactory.load("reverie"))
                        .resolve());
        RunningIntake running = new RunningIntake(
                store,
                testKit,
                testKit.spawn(
                        IntakeActor.create(new IntakePlan(
                                shape -> Samples.settings(Method.DREAM),
                                limits,
                                store,
                                InstantSource.system(),
                                LEARNED_BYTES)),
                        "intake"));
        running.read();
        return running;
    }

    private void read() {
        var probe = testKit.<ClassNotification>createTestProbe();
        intake.tell(new IntakeActor.Follow(probe.ref()));
        probe.fishForMessage(
                PATIENCE,
                news -> news instanceof ClassNotification.StoreRead
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

    public CompletionStage<DeliveryOutcome> deliver(List<Sample> samples) {
        return Asks.ask(
                intake,
                replyTo -> new IntakeActor.Admit(new Delivery(IngestSource.HTTP, samples), replyTo),
                testKit.system().scheduler());
    }

    public DeliveryOutcome admit(List<Sample> samples) {
        return join(deliver(samples));
    }

    public <R> R ask(Function<ActorRef<R>, IntakeActor.Command> message) {
        return join(begin(message));
    }

    /** Asks, and does not wait for the answer. */
    <R> CompletionStage<R> begin(Function<ActorRef<R>, IntakeActor.Command> message) {
        return Asks.ask(intake, message, testKit.system().scheduler());
    }

    <R> R askClass(String name, Function<ActorRef<R>, ClassMessage> message) {
        return join(Asks.ask(owner(name), message, testKit.system().scheduler()));
    }

    ActorRef<ClassMessage> owner(String name) {
        return look().classes().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .owner();
    }

    ClassView view(String name) {
        return askClass(name, ClassCommand.View::new);
    }

    public IntakeActor.View look() {
        return ask(IntakeActor.Look::new);
    }

    public Done drain() {
        return ask(IntakeActor.Drain::new);
    }

    public Store store() {
        return store;
    }

    static <R> R join(CompletionStage<R> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Ends at once, like a kill, as far as the actors are concerned. */
    @Override
    public void close() {
        testKit.shutdownTestKit();
        store.close();
    }
}
