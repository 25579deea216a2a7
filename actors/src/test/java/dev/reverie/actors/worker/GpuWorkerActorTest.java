package dev.reverie.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A worker")
class GpuWorkerActorTest {

    private static final TrainMatchingNetworkTask TRAINING =
            new TrainMatchingNetworkTask(new NetworkId(0, 1), List.of(), 0);

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load("reverie"));

    private final List<TelemetryEvent> events = new CopyOnWriteArrayList<>();
    private final TestProbe<WorkerReply<TrainMatchingNetworkOutcome>> replies = testKit.createTestProbe();

    @Test
    @DisplayName("replies with the result of the engine")
    void repliesWithResult() {
        var worker = spawn(() -> new ScriptedEngine(() -> new TrainMatchingNetworkOutcome(0.5)));

        worker.tell(job());

        assertThat(completed(replies).outcome()).isEqualTo(new TrainMatchingNetworkOutcome(0.5));
    }

    @Test
    @DisplayName("replies with the reason of a failure, closes the engine and runs the next job on a new one")
    void replacesABrokenEngine() {
        ScriptedEngine first = new ScriptedEngine(() -> {
            throw new IllegalStateException("out of order");
        });
        var worker = spawnInTurn(first, new ScriptedEngine(() -> new TrainMatchingNetworkOutcome(0.25)));

        worker.tell(job());
        worker.tell(job());

        replies.expectMessage(new WorkerReply.Failed<>("out of order"));
        assertThat(completed(replies).outcome()).isEqualTo(new TrainMatchingNetworkOutcome(0.25));
        assertThat(first.isClosed()).isTrue();
        assertThat(events).containsExactly(new TelemetryEvent.WorkerRestarted("out of order"));
    }

    @Test
    @DisplayName("keeps the engine when an image cannot be read")
    void keepsTheEngine() {
        ScriptedEngine engine = new ScriptedEngine(() -> {
            throw new DatasetException("1.png is empty: replace or remove it");
        });
        var worker = spawnInTurn(engine);

        worker.tell(job());
        worker.tell(job());

        replies.expectMessage(new WorkerReply.Failed<>("1.png is empty: replace or remove it"));
        replies.expectMessage(new WorkerReply.Failed<>("1.png is empty: replace or remove it"));
        assertThat(engine.isClosed()).isFalse();
        assertThat(events).isEmpty();
    }

    @Test
    @DisplayName("tells a cancelled job from a failed one, and runs the next job on a new engine")
    void replacesTheEngineOfACancelledJob() {
        CancellationException stop = new CancellationException("stop");
        ScriptedEngine first = new ScriptedEngine(() -> {
            throw stop;
        });
        var worker = spawnInTurn(first, new ScriptedEngine(() -> new TrainMatchingNetworkOutcome(0.25)));

        worker.tell(job());
        worker.tell(job());

        replies.expectMessage(new WorkerReply.Cancelled<>(stop));
        assertThat(completed(replies).outcome()).isEqualTo(new TrainMatchingNetworkOutcome(0.25));
        assertThat(first.isClosed()).isTrue();
        assertThat(events).isEmpty();
    }

    @Test
    @DisplayName("treats a loss that is not a number as a failure")
    void failsOnNaN() {
        var worker = spawn(() -> new ScriptedEngine(() -> new TrainMatchingNetworkOutcome(Double.NaN)));

        worker.tell(job());

        replies.expectMessage(new WorkerReply.Failed<>("the training loss of the network is not finite"));
    }

    @Test
    @DisplayName("names the reason of an error that a parallel stream has copied without its message")
    void copiedError() {
        var worker = spawn(() -> new ScriptedEngine(() -> {
            throw (OutOfMemoryError) new OutOfMemoryError().initCause(new OutOfMemoryError("Java heap space"));
        }));

        worker.tell(job());

        replies.expectMessage(new WorkerReply.Failed<>("Java heap space"));
    }

    @Test
    @DisplayName("tries again to create an engine, but not for every job")
    void retriesToCreateAnEngine() {
        ManualClock clock = new ManualClock();
        AtomicInteger attempts = new AtomicInteger();
        var worker = spawn(clock, () -> {
            if (attempts.incrementAndGet() < 3) {
                throw new IllegalStateException("attempt " + attempts);
            }
            return new ScriptedEngine(() -> new TrainMatchingNetworkOutcome(1));
        });

        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            worker.tell(job());
            reasons.add(unavailableReason(replies));
            clock.advance(GpuWorkerActor.RETRY_INTERVAL.dividedBy(2));
        }
        worker.tell(job());

        assertThat(reasons).containsExactly("attempt 1", "attempt 1", "attempt 2", "attempt 2");
        assertThat(completed(replies).outcome()).isEqualTo(new TrainMatchingNetworkOutcome(1));
    }

    @Test
    @DisplayName("creates, uses and closes all its engines on one thread")
    void usesOneThread() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        var worker = spawn(() -> {
            threads.add(Thread.currentThread());
            return new ScriptedEngine(
                    () -> {
                        throw new IllegalStateException("again");
                    },
                    threads);
        });

        for (int i = 0; i < 3; i++) {
            worker.tell(job());
            replies.expectMessage(new WorkerReply.Failed<>("again"));
        }
        testKit.stop(worker);

        assertThat(threads).hasSize(1);
    }

    private GpuWorkerActor.Job<TrainMatchingNetworkOutcome> job() {
        return new GpuWorkerActor.Job<>(engine -> engine.train(TRAINING), replies.ref());
    }

    /** Spawns a worker that has the given engines, one after the other. */
    private ActorRef<GpuWorkerActor.Job<?>> spawnInTurn(DistillationEngine... engines) {
        return spawn(new ArrayDeque<>(List.of(engines))::remove);
    }

    private ActorRef<GpuWorkerActor.Job<?>> spawn(Supplier<DistillationEngine> engines) {
        return spawn(InstantSource.system(), engines);
    }

    private ActorRef<GpuWorkerActor.Job<?>> spawn(InstantSource clock, Supplier<DistillationEngine> engines) {
        return testKit.spawn(GpuWorkerActor.create(engines, clock, events::add), "worker", GpuWorkerActor.DISPATCHER);
    }

    private static String unavailableReason(TestProbe<WorkerReply<TrainMatchingNetworkOutcome>> replies) {
        return switch (replies.receiveMessage()) {
            case WorkerReply.Unavailable<TrainMatchingNetworkOutcome>(var cause) -> String.valueOf(cause.getMessage());
            case WorkerReply<TrainMatchingNetworkOutcome> other ->
                throw new AssertionError("expected Unavailable, got " + other);
        };
    }

    private static WorkerReply.Completed<TrainMatchingNetworkOutcome> completed(
            TestProbe<WorkerReply<TrainMatchingNetworkOutcome>> replies) {
        return switch (replies.receiveMessage()) {
            case WorkerReply.Completed<TrainMatchingNetworkOutcome> completed -> completed;
            case WorkerReply<TrainMatchingNetworkOutcome> other ->
                throw new AssertionError("expected a result, got " + other);
        };
    }
}
