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
        CompletionStage<WorkerReply.Result<ClassifyOutcome>> answer = workers.classify(CLASSIFICATION);

        classification(first).replyTo().tell(new WorkerReply.Failed<>("out of order"));

        export(second).replyTo().tell(completed(NETWORKS));
        classification(second).replyTo().tell(completed(CLASSIFIED));
        assertThat(answer.toCompletableFuture().join()).isEqualTo(completed(CLASSIFIED));
        assertThat(restoration(first).states()).isEqualTo(NETWORKS);
    }

    @Test
    @DisplayName("wait with a training for a new engine, which then takes part")
    void trainAfterARenewal() {
        workers.classify(CLASSIFICATION);
        classification(first).replyTo().tell(new WorkerReply.Failed<>("out of order"));
        export(second).replyTo().tell(completed(NETWORKS));
        classification(second).replyTo().tell(completed(CLASSIFIED));
        GpuWorkerActor.RestoreNetworks restoration = restoration(first);

        workers.train(TRAINING);
        training(second).replyTo().tell(TRAINED);
        second.expectNoMessage();
        restoration.replyTo().tell(completed(Done.getInstance()));

        adoption(first);
        adoption(second);
    }

    @Test
    @DisplayName("train on another engine if one has failed to, which gets the networks of that one")
    void trainOnAnother() {
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.train(TRAINING);

        training(first).replyTo().tell(new WorkerReply.Failed<>("out of order"));
        export(second).replyTo().tell(completed(NETWORKS));
        training(second).replyTo().tell(TRAINED);

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
        TestProbe<GpuWorkerActor.Command> third = testKit.createTestProbe();
        new RetryingWorker(List.of(first.ref(), second.ref(), third.ref()), testKit.scheduler(), clock).train(TRAINING);
        training(first).replyTo().tell(TRAINED);

        adoption(first).replyTo().tell(new WorkerReply.Failed<>("out of order"));
        adoption(second).replyTo().tell(new WorkerReply.Failed<>("out of order"));
        adopt(third);

        export(third);
        export(third);
        second.expectNoMessage();
    }

    @Test
    @DisplayName("give all networks to an engine that could not take a trained one")
    void renewAfterAnAdoption() {
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.train(TRAINING);
        training(first).replyTo().tell(TRAINED);

        adopt(first);
        adoption(second).replyTo().tell(new WorkerReply.Failed<>("out of order"));

        assertThat(trained.toCompletableFuture().join()).isEqualTo(OUTCOME);
        export(first).replyTo().tell(completed(NETWORKS));
        assertThat(restoration(second).states()).isEqualTo(NETWORKS);
    }

    @Test
    @DisplayName("report a training that no engine could take")
    void loseATraining() {
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.train(TRAINING);
        training(first).replyTo().tell(TRAINED);

        adoption(first).replyTo().tell(new WorkerReply.Failed<>("out of order"));
        adoption(second).replyTo().tell(new WorkerReply.Failed<>("out of order"));

        assertThat(trained.toCompletableFuture().join()).isEqualTo(new WorkerReply.Failed<>("out of order"));
    }

    @Test
    @DisplayName("do without an engine that cannot be created, and try it again after a while")
    void doWithoutAnEngine() {
        CompletionStage<WorkerReply.Result<ClassifyOutcome>> answer = workers.classify(CLASSIFICATION);

        classification(first).replyTo().tell(new WorkerReply.Unavailable<>(new IllegalStateException("no device")));

        export(second).replyTo().tell(completed(NETWORKS));
        classification(second).replyTo().tell(completed(CLASSIFIED));
        assertThat(answer.toCompletableFuture().join()).isEqualTo(completed(CLASSIFIED));
        restoration(first).replyTo().tell(new WorkerReply.Unavailable<>(new IllegalStateException("no device")));
        workers.train(TRAINING);
        training(second).replyTo().tell(TRAINED);
        adopt(second);
        first.expectNoMessage();

        clock.advance(GpuWorkerActor.RETRY_INTERVAL);
        workers.classify(CLASSIFICATION);

        export(second).replyTo().tell(completed(NETWORKS));
        classification(second);
        restoration(first);
    }

    @Test
    @DisplayName("fail if no engine can be created")
    void failWithoutEngines() {
        IllegalStateException cause = new IllegalStateException("no device");
        CompletionStage<WorkerReply.Result<ClassifyOutcome>> answer = workers.classify(CLASSIFICATION);

        classification(first).replyTo().tell(new WorkerReply.Unavailable<>(cause));
        export(second).replyTo().tell(new WorkerReply.Unavailable<>(cause));
        classification(second).replyTo().tell(new WorkerReply.Unavailable<>(cause));

        assertThatThrownBy(answer.toCompletableFuture()::join).hasRootCause(cause);
    }
}
