package dev.reverie.actors.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Timeout;

/** An evaluation whose clock, memory, classes and trainer are set by the test. */
@Timeout(120)
abstract class AbstractEvaluationTest {

    static final Duration TIMEOUT = Duration.ofSeconds(60);
    static final Duration INTERVAL = Duration.ofMinutes(10);
    static final Duration WINDOW = Duration.ofSeconds(30);
    static final Duration MOMENT = Duration.ofSeconds(1);
    static final int MIN_IMAGES = 2;
    static final int MAX_IMAGES = 6;

    final TestInbox<IntakeActor.Command> intake = TestInbox.create();
    final List<TelemetryEvent> events = new ArrayList<>();
    final ManualClock clock = new ManualClock();
    private final AtomicLong nanos = new AtomicLong();
    final ScriptedTrainer trainer = new ScriptedTrainer();
    Executor threads = Runnable::run;
    CompletionStage<Optional<DistilledSet>> memory = of("cat", "dog");
    /** The test images of each class. */
    Map<Integer, List<Image>> testImages = Map.of(0, Samples.images(3, 0), 1, Samples.images(3, 1));

    /** Why no test images can be read, if so. */
    Optional<Throwable> unreadable = Optional.empty();

    int taken;
    ActorRef<ClassNotification> subscriber =
            TestInbox.<ClassNotification>create().getRef();
    BehaviorTestKit<EvaluationActor.Command> evaluation = limitedTo(1 << 20);

    BehaviorTestKit<EvaluationActor.Command> limitedTo(long maxBytes) {
        EvaluationPolicy policy = new EvaluationPolicy(INTERVAL, 0.5, MIN_IMAGES, MAX_IMAGES, maxBytes, 1, trainer);
        BehaviorTestKit<EvaluationActor.Command> actor =
                BehaviorTestKit.create(EvaluationActor.create(new EvaluationActor.Plan(
                        policy,
                        this::takeMemory,
                        () -> unreadable
                                .<CompletionStage<Map<Integer, List<Image>>>>map(CompletableFuture::failedStage)
                                .orElseGet(() -> CompletableFuture.completedStage(testImages)),
                        intake.getRef(),
                        clock,
                        new SteadyClock(clock, nanos::get),
                        work -> threads.execute(work),
                        events::add)));
        subscriber = ((IntakeActor.Subscribe) intake.receiveMessage()).subscriber();
        return actor;
    }

    private CompletionStage<Optional<DistilledSet>> takeMemory() {
        taken++;
        return memory;
    }

    void pass(Duration time) {
        advance(time);
        evaluation.run(new EvaluationActor.Tick());
        runAll();
    }

    void advance(Duration time) {
        clock.advance(time);
        nanos.addAndGet(time.toNanos());
    }

    /** Handles the messages that the actor has sent to itself. */
    void runAll() {
        while (evaluation.selfInbox().hasMessages()) {
            evaluation.runOne();
        }
    }

    void deliver(ClassNotification notification) {
        subscriber.tell(notification);
        runAll();
    }

    /** Removes and returns the only event; fails if there are none or several. */
    TelemetryEvent.MemoryEvaluated evaluated() {
        TelemetryEvent.MemoryEvaluated outcome = (TelemetryEvent.MemoryEvaluated)
                assertThat(events).singleElement().actual();
        events.clear();
        return outcome;
    }

    static CompletionStage<Optional<DistilledSet>> of(String... names) {
        return CompletableFuture.completedStage(Optional.of(Memories.of(names)));
    }
}
