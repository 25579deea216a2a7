package dev.reverie.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Several workers, one of which fails,")
class FailedWorkersTest extends AbstractWorkersTest {

    @Test
    @DisplayName("repeat a failed job on another engine, and give the new engine the networks of that one")
    void renewAnEngine() {
        // given
        CompletionStage<WorkerReply.Result<ClassifyOutcome>> answer = workers.classify(CLASSIFICATION);

        // when
        classification(first).replyTo().tell(new WorkerReply.Failed<>("out of order"));

        // then
        export(second).replyTo().tell(completed(NETWORKS));
        classification(second).replyTo().tell(completed(CLASSIFIED));
        assertThat(answer.toCompletableFuture().join()).isEqualTo(completed(CLASSIFIED));
        assertThat(restoration(first).states()).isEqualTo(NETWORKS);
    }

    @Test
    @DisplayName("wait with a training for a new engine, which then takes part")
    void trainAfterARenewal() {
        // given
        workers.classify(CLASSIFICATION);
        classification(first).replyTo().tell(new WorkerReply.Failed<>("out of order"));
        export(second).replyTo().tell(completed(NETWORKS));
        classification(second).replyTo().tell(completed(CLASSIFIED));
        GpuWorkerActor.RestoreNetworks restoration = restoration(first);

        // when
        workers.train(TRAINING);
        training(second).replyTo().tell(TRAINED);
        second.expectNoMessage();
        restoration.replyTo().tell(completed(Done.getInstance()));

        // then
        adoption(first);
        adoption(second);
    }

    @Test
    @DisplayName("train on another engine if one has failed to, which gets the networks of that one")
    void trainOnAnother() {
        // given
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.train(TRAINING);

        // when
        training(first).replyTo().tell(new WorkerReply.Failed<>("out of order"));
        export(second).replyTo().tell(completed(NETWORKS));
        training(second).replyTo().tell(TRAINED);

        // then
        GpuWorkerActor.RestoreNetworks restoration = restoration(first);
        assertThat(restoration.states()).isEqualTo(NETWORKS);
        restoration.replyTo().tell(completed(Done.getInstance()));
        adopt(first);
        adopt(second);
        assertThat(trained.toCompletableFuture().join()).isEqualTo(OUTCOME);
    }

    @Test
    @DisplayName("take no networks from an engine that could not take a trained one, either")
    void renewFromTheLast() {
        // given
        TestProbe<GpuWorkerActor.Command> third = testKit.createTestProbe();
        new RetryingWorker(List.of(first.ref(), second.ref(), third.ref()), testKit.scheduler(), clock).train(TRAINING);
        training(first).replyTo().tell(TRAINED);

        // when
        adoption(first).replyTo().tell(new WorkerReply.Failed<>("out of order"));
        adoption(second).replyTo().tell(new WorkerReply.Failed<>("out of order"));
        adopt(third);

        // then
        export(third);
        export(third);
        second.expectNoMessage();
    }

    @Test
    @DisplayName("give all networks to an engine that could not take a trained one")
    void renewAfterAnAdoption() {
        // given
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.train(TRAINING);
        training(first).replyTo().tell(TRAINED);

        // when
        adopt(first);
        adoption(second).replyTo().tell(new WorkerReply.Failed<>("out of order"));

        // then
        assertThat(trained.toCompletableFuture().join()).isEqualTo(OUTCOME);
        export(first).replyTo().tell(completed(NETWORKS));
        assertThat(restoration(second).states()).isEqualTo(NETWORKS);
    }

    @Test
    @DisplayName("report a training that no engine could take")
    void loseATraining() {
        // given
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.train(TRAINING);
        training(first).replyTo().tell(TRAINED);

        // when
        adoption(first).replyTo().tell(new WorkerReply.Failed<>("out of order"));
        adoption(second).replyTo().tell(new WorkerReply.Failed<>("out of order"));

        // then
        assertThat(trained.toCompletableFuture().join()).isEqualTo(new WorkerReply.Failed<>("out of order"));
    }

    @Test
    @DisplayName("do without an engine that cannot be created, and try it again after a while")
    void doWithoutAnEngine() {
        // given
        CompletionStage<WorkerReply.Result<ClassifyOutcome>> answer = workers.classify(CLASSIFICATION);

        // when
        classification(first).replyTo().tell(new WorkerReply.Unavailable<>(new IllegalStateException("no device")));

        // then
        export(second).replyTo().tell(completed(NETWORKS));
        classification(second).replyTo().tell(completed(CLASSIFIED));
        assertThat(answer.toCompletableFuture().join()).isEqualTo(completed(CLASSIFIED));
        restoration(first).replyTo().tell(new WorkerReply.Unavailable<>(new IllegalStateException("no device")));
        workers.train(TRAINING);
        training(second).replyTo().tell(TRAINED);
        adopt(second);
        first.expectNoMessage();

        // when
        clock.advance(GpuWorkerActor.RETRY_INTERVAL);
        workers.classify(CLASSIFICATION);

        // then
        export(second).replyTo().tell(completed(NETWORKS));
        classification(second);
        restoration(first);
    }

    @Test
    @DisplayName("fail if no engine can be created")
    void failWithoutEngines() {
        // given
        IllegalStateException cause = new IllegalStateException("no device");
        CompletionStage<WorkerReply.Result<ClassifyOutcome>> answer = workers.classify(CLASSIFICATION);

        // when
        classification(first).replyTo().tell(new WorkerReply.Unavailable<>(cause));
        export(second).replyTo().tell(new WorkerReply.Unavailable<>(cause));
        classification(second).replyTo().tell(new WorkerReply.Unavailable<>(cause));

        // then
        assertThatThrownBy(answer.toCompletableFuture()::join).hasRootCause(cause);
    }
}
