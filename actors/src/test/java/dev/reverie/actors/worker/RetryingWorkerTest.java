package dev.reverie.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A retrying worker")
class RetryingWorkerTest {

    private static final TrainMatchingNetworkTask TRAINING =
            new TrainMatchingNetworkTask(new NetworkId(0, 1), List.of(), 0);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load("reverie"));
    private final TestProbe<GpuWorkerActor.Command> worker = testKit.createTestProbe();
    private final ManualClock clock = new ManualClock();
    private final RetryingWorker retrying = new RetryingWorker(worker.ref(), testKit.scheduler(), clock);

    @AfterEach
    void shutDown() {
        testKit.shutdownTestKit();
    }

    @Test
    @DisplayName("retries a failed job once and returns the second result, whatever it is")
    void retriesOnce() {
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> answer = retrying.train(TRAINING);

        answer(new WorkerReply.Failed<>("out of order"));
        answer(new WorkerReply.Failed<>("out of order again"));

        assertThat(answer.toCompletableFuture().join()).isEqualTo(new WorkerReply.Failed<>("out of order again"));
    }

    @Test
    @DisplayName("does not retry a cancelled job, and fails with its cancellation")
    void doesNotRetryACancelledJob() {
        CancellationException stop = new CancellationException("stop");
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> cancelled = retrying.train(TRAINING);
        answer(new WorkerReply.Cancelled<>(stop));
        assertThatThrownBy(cancelled.toCompletableFuture()::join).hasRootCause(stop);

        retrying.exportNetworks();

        worker.expectMessageClass(GpuWorkerActor.ExportNetworks.class);
    }

    @Test
    @DisplayName("measures the time without a reply while jobs are pending")
    void measuresSilence() {
        clock.advance(MINUTE);
        assertThat(retrying.silence()).as("of a worker without jobs").isZero();

        CompletionStage<?> first = retrying.train(TRAINING);
        CompletionStage<?> second = retrying.train(TRAINING);
        clock.advance(MINUTE);
        assertThat(retrying.silence()).isEqualTo(MINUTE);

        answer(new WorkerReply.Completed<>(new TrainMatchingNetworkOutcome(1), 0));
        first.toCompletableFuture().join();
        assertThat(retrying.silence()).isZero();
        clock.advance(MINUTE);
        assertThat(retrying.silence()).as("of the second job").isEqualTo(MINUTE);

        answer(new WorkerReply.Completed<>(new TrainMatchingNetworkOutcome(1), 0));
        second.toCompletableFuture().join();
        clock.advance(MINUTE);
        assertThat(retrying.silence()).isZero();
    }

    private void answer(WorkerReply<TrainMatchingNetworkOutcome> reply) {
        worker.expectMessageClass(GpuWorkerActor.Train.class).replyTo().tell(reply);
    }
}
