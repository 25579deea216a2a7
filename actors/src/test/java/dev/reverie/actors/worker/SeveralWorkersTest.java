package dev.reverie.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Several workers")
class SeveralWorkersTest extends AbstractWorkersTest {

    @Test
    @DisplayName("run a job on an engine that is free")
    void shareJobs() {
        workers.classify(CLASSIFICATION);
        CompletionStage<WorkerReply.Result<ClassifyOutcome>> shorter = workers.classify(CLASSIFICATION);
        classification(first);

        classification(second).replyTo().tell(completed(CLASSIFIED));
        shorter.toCompletableFuture().join();
        workers.classify(CLASSIFICATION);

        classification(second);
        first.expectNoMessage();
    }

    @Test
    @DisplayName("are silent for as long as one of them does not reply, whatever the others do")
    void silenceOfOne() {
        CompletionStage<WorkerReply.Result<ClassifyOutcome>> longer = workers.classify(CLASSIFICATION);
        CompletionStage<WorkerReply.Result<ClassifyOutcome>> shorter = workers.classify(CLASSIFICATION);
        GpuWorkerActor.Classify hanging = classification(first);
        clock.advance(MINUTE);

        classification(second).replyTo().tell(completed(CLASSIFIED));
        shorter.toCompletableFuture().join();

        assertThat(workers.silence()).isEqualTo(MINUTE);
        hanging.replyTo().tell(completed(CLASSIFIED));
        longer.toCompletableFuture().join();
        assertThat(workers.silence()).isZero();
    }

    @Test
    @DisplayName("train a copy of a network on one engine, and give it to all")
    void trainOnce() {
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.train(TRAINING);

        training(first).replyTo().tell(TRAINED);
        adopt(first);
        GpuWorkerActor.AdoptTrained adoption = adoption(second);
        assertThat(adoption.trained()).isEqualTo(NETWORKS.getFirst());
        assertThat(trained.toCompletableFuture()).isNotDone();
        adoption.replyTo().tell(completed(Done.getInstance()));
        assertThat(trained.toCompletableFuture().join()).isEqualTo(OUTCOME);
    }

    @Test
    @DisplayName("let a job wait until every engine has the trained network")
    void waitForATraining() {
        workers.train(TRAINING);
        training(first).replyTo().tell(TRAINED);
        GpuWorkerActor.AdoptTrained adoption = adoption(second);
        workers.classify(CLASSIFICATION);
        second.expectNoMessage();

        adoption.replyTo().tell(completed(Done.getInstance()));
        adopt(first);

        classification(first);
    }

    @Test
    @DisplayName("run other jobs with the network as it was while one trains ahead, until it is not needed")
    void trainAhead() {
        CompletableFuture<Done> needed = new CompletableFuture<>();
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.trainAhead(TRAINING, needed);
        GpuWorkerActor.TrainCopy training = training(first);

        workers.classify(CLASSIFICATION);
        classification(second).replyTo().tell(completed(CLASSIFIED));
        training.replyTo().tell(TRAINED);
        first.expectNoMessage();
        needed.complete(Done.getInstance());

        adopt(first);
        adopt(second);
        assertThat(trained.toCompletableFuture().join()).isEqualTo(OUTCOME);
    }

    @Test
    @DisplayName("do not train ahead if there is only one, which trains in place")
    void trainAloneInPlace() {
        RetryingWorker one = new RetryingWorker(first.ref(), testKit.scheduler(), clock);
        CompletableFuture<Done> needed = new CompletableFuture<>();
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = one.trainAhead(TRAINING, needed);
        first.expectNoMessage();

        needed.complete(Done.getInstance());

        first.expectMessageClass(GpuWorkerActor.Train.class).replyTo().tell(OUTCOME);
        assertThat(trained.toCompletableFuture().join()).isEqualTo(OUTCOME);
    }

    @Test
    @DisplayName("end a training that is cancelled")
    void cancelATraining() {
        CancellationException stop = new CancellationException("stop");
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.train(TRAINING);

        training(first).replyTo().tell(new WorkerReply.Cancelled<>(stop));

        assertThatThrownBy(trained.toCompletableFuture()::join).hasRootCause(stop);
    }

    @Test
    @DisplayName("guide the jobs of every engine by the same expert")
    void guideEveryEngine() {
        CompletionStage<WorkerReply.Result<Done>> guided = workers.guide(GUIDANCE);

        guidance(first).replyTo().tell(completed(Done.getInstance()));
        assertThat(guided.toCompletableFuture()).isNotDone();
        guidance(second).replyTo().tell(completed(Done.getInstance()));
        assertThat(guided.toCompletableFuture().join()).isEqualTo(completed(Done.getInstance()));
    }

    @Test
    @DisplayName("cancel a job on every engine if it is cancelled on one")
    void cancel() {
        CancellationException stop = new CancellationException("stop");
        CompletionStage<WorkerReply.Result<Done>> guided = workers.guide(GUIDANCE);

        guidance(first).replyTo().tell(completed(Done.getInstance()));
        guidance(second).replyTo().tell(new WorkerReply.Cancelled<>(stop));

        assertThatThrownBy(guided.toCompletableFuture()::join).hasRootCause(stop);
    }
}
