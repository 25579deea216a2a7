package dev.reverie.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.engine.ClassifyOutcome;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.MatchOutcome;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.RolloutOutcome;
import dev.reverie.gpu.engine.RolloutTask;
import dev.reverie.gpu.engine.SelectOutcome;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.TrainOutcome;
import dev.reverie.gpu.engine.TrainTask;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A worker")
class GpuWorkerActorTest {

    private static final TrainTask TRAINING = new TrainTask(new NetworkId(0, 1), List.of(), 0);

    private final ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load("reverie"));
    private final List<TelemetryEvent> events = new CopyOnWriteArrayList<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final TestProbe<WorkerReply<TrainOutcome>> caller = testKit.createTestProbe();

    @AfterEach
    void shutDown() {
        testKit.shutdownTestKit();
    }

    @Test
    @DisplayName("answers what the engine computed")
    void answers() {
        // given
        var worker = spawn(() -> new ScriptedEngine(() -> new TrainOutcome(0.5)));

        // when
        worker.tell(new GpuWorkerActor.Train(TRAINING, caller.ref()));

        // then
        assertThat(completed(caller).outcome()).isEqualTo(new TrainOutcome(0.5));
    }

    @Test
    @DisplayName("says why a job failed and takes the next one with a new engine; the old one is closed")
    void replacesABrokenEngine() {
        // given
        ScriptedEngine first = new ScriptedEngine(() -> {
            throw new IllegalStateException("out of tune");
        });
        Deque<DistillationEngine> engines =
                new ArrayDeque<>(List.of(first, new ScriptedEngine(() -> new TrainOutcome(0.25))));
        var worker = spawn(engines::remove);

        // when
        worker.tell(new GpuWorkerActor.Train(TRAINING, caller.ref()));
        worker.tell(new GpuWorkerActor.Train(TRAINING, caller.ref()));

        // then
        caller.expectMessage(new WorkerReply.Failed<>("out of tune"));
        assertThat(completed(caller).outcome()).isEqualTo(new TrainOutcome(0.25));
        assertThat(first.closed).isTrue();
        assertThat(events).containsExactly(new TelemetryEvent.WorkerRestarted("out of tune"));
    }

    @Test
    @DisplayName("takes a loss that is not a number for a failure")
    void refusesNotANumber() {
        // given
        var worker = spawn(() -> new ScriptedEngine(() -> new TrainOutcome(Double.NaN)));

        // when
        worker.tell(new GpuWorkerActor.Train(TRAINING, caller.ref()));

        // then
        caller.expectMessage(new WorkerReply.Failed<>("the training loss of the network is not finite"));
    }

    @Test
    @DisplayName("survives native memory that has run out")
    void survivesOutOfMemory() {
        // given
        ScriptedEngine full = new ScriptedEngine(() -> {
            throw new OutOfMemoryError("off-heap memory is exhausted");
        });
        Deque<DistillationEngine> engines =
                new ArrayDeque<>(List.of(full, new ScriptedEngine(() -> new TrainOutcome(1))));
        var worker = spawn(engines::remove);

        // when
        worker.tell(new GpuWorkerActor.Train(TRAINING, caller.ref()));
        worker.tell(new GpuWorkerActor.Train(TRAINING, caller.ref()));

        // then
        caller.expectMessage(new WorkerReply.Failed<>("off-heap memory is exhausted"));
        assertThat(completed(caller).outcome()).isEqualTo(new TrainOutcome(1));
    }

    @Test
    @DisplayName("without an engine tells every caller why, and never leaves one waiting")
    void answersWithoutAnEngine() {
        // given
        IllegalStateException cause = new IllegalStateException("no device");
        var worker = spawn(() -> {
            throw cause;
        });

        // when
        worker.tell(new GpuWorkerActor.Train(TRAINING, caller.ref()));
        worker.tell(new GpuWorkerActor.Train(TRAINING, caller.ref()));

        // then
        caller.expectMessage(new WorkerReply.Unavailable<>(cause));
        caller.expectMessage(new WorkerReply.Unavailable<>(cause));
    }

    @Test
    @DisplayName("tries for an engine again, but not at every job")
    void triesForAnEngineAgain() {
        // given
        ManualClock clock = new ManualClock();
        AtomicInteger attempts = new AtomicInteger();
        var worker = spawn(clock, () -> {
            if (attempts.incrementAndGet() < 3) {
                throw new IllegalStateException("attempt " + attempts);
            }
            return new ScriptedEngine(() -> new TrainOutcome(1));
        });

        // when
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            worker.tell(new GpuWorkerActor.Train(TRAINING, caller.ref()));
            reasons.add(refusal(caller));
            clock.advance(GpuWorkerActor.BEFORE_ANOTHER_ATTEMPT.dividedBy(2));
        }
        worker.tell(new GpuWorkerActor.Train(TRAINING, caller.ref()));

        // then
        assertThat(reasons).containsExactly("attempt 1", "attempt 1", "attempt 2", "attempt 2");
        assertThat(completed(caller).outcome()).isEqualTo(new TrainOutcome(1));
    }

    @Test
    @DisplayName("creates, uses and closes all its engines on one thread")
    void staysOnItsThread() {
        // given
        Supplier<DistillationEngine> engines = () -> {
            threads.add(Thread.currentThread());
            return new ScriptedEngine(() -> {
                throw new IllegalStateException("again");
            });
        };
        var worker = spawn(engines);

        // when
        for (int i = 0; i < 3; i++) {
            worker.tell(new GpuWorkerActor.Train(TRAINING, caller.ref()));
            caller.expectMessage(new WorkerReply.Failed<>("again"));
        }
        testKit.stop(worker);

        // then
        assertThat(threads).hasSize(1);
    }

    private ActorRef<GpuWorkerActor.Command> spawn(Supplier<DistillationEngine> engines) {
        return spawn(InstantSource.system(), engines);
    }

    private ActorRef<GpuWorkerActor.Command> spawn(InstantSource clock, Supplier<DistillationEngine> engines) {
        return testKit.spawn(GpuWorkerActor.create(engines, clock, events::add), "worker", GpuWorkerActor.DISPATCHER);
    }

    private static String refusal(TestProbe<WorkerReply<TrainOutcome>> caller) {
        return switch (caller.receiveMessage()) {
            case WorkerReply.Unavailable<TrainOutcome>(var cause) -> String.valueOf(cause.getMessage());
            case WorkerReply<TrainOutcome> other -> throw new AssertionError("expected a refusal, got " + other);
        };
    }

    private static WorkerReply.Completed<TrainOutcome> completed(TestProbe<WorkerReply<TrainOutcome>> caller) {
        return switch (caller.receiveMessage()) {
            case WorkerReply.Completed<TrainOutcome> completed -> completed;
            case WorkerReply<TrainOutcome> other -> throw new AssertionError("expected a result, got " + other);
        };
    }

    /** Trains by script, and notes which threads touch it. */
    private final class ScriptedEngine implements DistillationEngine {

        private final Supplier<TrainOutcome> training;
        private volatile boolean closed;

        private ScriptedEngine(Supplier<TrainOutcome> training) {
            this.training = training;
        }

        @Override
        public TrainOutcome train(TrainTask task) {
            threads.add(Thread.currentThread());
            return training.get();
        }

        @Override
        public MatchOutcome match(MatchTask task) {
            throw new AssertionError("these tests only train");
        }

        @Override
        public RolloutOutcome rollOut(RolloutTask task) {
            throw new AssertionError("these tests only train");
        }

        @Override
        public NetworkState network(NetworkId id) {
            throw new AssertionError("these tests only train");
        }

        @Override
        public SelectOutcome select(SelectTask task) {
            throw new AssertionError("these tests only train");
        }

        @Override
        public ClassifyOutcome classify(ClassifyTask task) {
            throw new AssertionError("these tests only train");
        }

        @Override
        public List<NetworkState> networks() {
            return List.of();
        }

        @Override
        public void restore(List<NetworkState> states) {
            throw new AssertionError("these tests only train");
        }

        @Override
        public void close() {
            threads.add(Thread.currentThread());
            closed = true;
        }
    }
}
