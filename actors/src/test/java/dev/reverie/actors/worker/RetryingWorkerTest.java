package dev.reverie.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.TrainOutcome;
import dev.reverie.gpu.engine.TrainTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Patience with a worker")
class RetryingWorkerTest {

    private static final TrainTask TRAINING = new TrainTask(new NetworkId(0, 1), List.of(), 0);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load("reverie"));
    private final TestProbe<GpuWorkerActor.Command> worker = testKit.createTestProbe();
    private final ManualClock clock = new ManualClock();
    private final RetryingWorker patient = new RetryingWorker(worker.ref(), testKit.scheduler(), clock);

    @AfterEach
    void shutDown() {
        testKit.shutdownTestKit();
    }

    @Test
    @DisplayName("sends a job that failed once more, and gives the second answer whatever it is")
    void triesTwice() {
        CompletionStage<WorkerReply.Answer<TrainOutcome>> answer = patient.train(TRAINING);

        answer(new WorkerReply.Failed<>("out of tune"));
        answer(new WorkerReply.Failed<>("out of tune again"));

        assertThat(answer.toCompletableFuture().join()).isEqualTo(new WorkerReply.Failed<>("out of tune again"));
    }

    @Test
    @DisplayName("knows how long no job that waits was answered")
    void measuresSilence() {
        clock.advance(MINUTE);
        assertThat(patient.silence()).as("of a worker that nobody asked").isZero();

        CompletionStage<?> first = patient.train(TRAINING);
        CompletionStage<?> second = patient.train(TRAINING);
        clock.advance(MINUTE);
        assertThat(patient.silence()).isEqualTo(MINUTE);

        answer(new WorkerReply.Completed<>(new TrainOutcome(1), 0));
        first.toCompletableFuture().join();
        assertThat(patient.silence()).isZero();
        clock.advance(MINUTE);
        assertThat(patient.silence()).as("of the second job").isEqualTo(MINUTE);

        answer(new WorkerReply.Completed<>(new TrainOutcome(1), 0));
        second.toCompletableFuture().join();
        clock.advance(MINUTE);
        assertThat(patient.silence()).isZero();
    }

    private void answer(WorkerReply<TrainOutcome> reply) {
        worker.expectMessageClass(GpuWorkerActor.Train.class).replyTo().tell(reply);
    }
}
