package dev.reverie.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.worker.PlayedWorker.AskedJob;
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
        CompletionStage<?> shorter = workers.classify(CLASSIFICATION);
        first.receive("classify");

        second.receive("classify").complete(CLASSIFIED);
        shorter.toCompletableFuture().join();
        workers.classify(CLASSIFICATION);

        second.receive("classify");
        first.expectNoJob();
    }

    @Test
    @DisplayName("are silent for as long as one of them does not reply, whatever the others do")
    void silenceOfOne() {
        CompletionStage<?> longer = workers.classify(CLASSIFICATION);
        CompletionStage<?> shorter = workers.classify(CLASSIFICATION);
        AskedJob hanging = first.receive("classify");
        clock.advance(MINUTE);

        second.receive("classify").complete(CLASSIFIED);
        shorter.toCompletableFuture().join();

        assertThat(workers.silence()).isEqualTo(MINUTE);
        hanging.complete(CLASSIFIED);
        longer.toCompletableFuture().join();
        assertThat(workers.silence()).isZero();
    }

    @Test
    @DisplayName("train a copy of a network on one engine, and give it to all")
    void trainOnce() {
        CompletionStage<?> trained = workers.train(TRAINING);

        first.receive("trainCopy").complete(TRAINED);
        first.receive("adopt").complete(Done.getInstance());
        AskedJob adoption = second.receive("adopt");
        assertThat(adoption.arguments()).containsExactly(TRAINING, NETWORKS.getFirst());
        assertThat(trained.toCompletableFuture()).isNotDone();
        adoption.complete(Done.getInstance());
        assertThat(trained.toCompletableFuture().join()).isEqualTo(completed(OUTCOME));
    }

    @Test
    @DisplayName("let a job wait until every engine has the trained network")
    void waitForATraining() {
        workers.train(TRAINING);
        first.receive("trainCopy").complete(TRAINED);
        AskedJob adoption = second.receive("adopt");
        workers.classify(CLASSIFICATION);
        second.expectNoJob();

        adoption.complete(Done.getInstance());
        first.receive("adopt").complete(Done.getInstance());

        first.receive("classify");
    }

    @Test
    @DisplayName("run other jobs with the network as it was while one trains ahead, until it is not needed")
    void trainAhead() {
        CompletableFuture<Done> needed = new CompletableFuture<>();
        CompletionStage<?> trained = workers.trainAhead(TRAINING, needed);
        AskedJob training = first.receive("trainCopy");

        workers.classify(CLASSIFICATION);
        second.receive("classify").complete(CLASSIFIED);
        training.complete(TRAINED);
        first.expectNoJob();
        needed.complete(Done.getInstance());

        first.receive("adopt").complete(Done.getInstance());
        second.receive("adopt").complete(Done.getInstance());
        assertThat(trained.toCompletableFuture().join()).isEqualTo(completed(OUTCOME));
    }

    @Test
    @DisplayName("end a training that is cancelled")
    void cancelATraining() {
        CancellationException stop = new CancellationException("stop");
        CompletionStage<?> trained = workers.train(TRAINING);

        first.receive("trainCopy").reply(new WorkerReply.Cancelled<>(stop));

        assertThatThrownBy(trained.toCompletableFuture()::join).hasRootCause(stop);
    }

    @Test
    @DisplayName("guide the jobs of every engine by the same expert")
    void guideEveryEngine() {
        CompletionStage<?> guided = workers.guide(GUIDANCE);

        first.receive("guide").complete(Done.getInstance());
        assertThat(guided.toCompletableFuture()).isNotDone();
        second.receive("guide").complete(Done.getInstance());
        assertThat(guided.toCompletableFuture().join()).isEqualTo(completed(Done.getInstance()));
    }

    @Test
    @DisplayName("cancel a job on every engine if it is cancelled on one")
    void cancel() {
        CancellationException stop = new CancellationException("stop");
        CompletionStage<?> guided = workers.guide(GUIDANCE);

        first.receive("guide").complete(Done.getInstance());
        second.receive("guide").reply(new WorkerReply.Cancelled<>(stop));

        assertThatThrownBy(guided.toCompletableFuture()::join).hasRootCause(stop);
    }
}
