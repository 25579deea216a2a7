package dev.reverie.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.worker.PlayedWorker.AskedJob;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A pool of workers")
class WorkerPoolTest extends AbstractWorkersTest {
    private final WorkerPool pool = new WorkerPool(List.of(first.ref()), testKit.scheduler(), clock);

    @Test
    @DisplayName("runs a job on an engine that is free")
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
    @DisplayName("is silent for as long as one worker does not reply, whatever the others do")
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
    @DisplayName("trains a copy of a network on one engine, and gives it to all")
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
    @DisplayName("lets a job wait until every engine has the trained network")
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
    @DisplayName("runs other jobs with the network as it was while one worker trains ahead, until it is not needed")
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
    @DisplayName("ends a training that is cancelled")
    void cancelATraining() {
        CancellationException stop = new CancellationException("stop");
        CompletionStage<?> trained = workers.train(TRAINING);

        first.receive("trainCopy").reply(new WorkerReply.Cancelled<>(stop));

        assertThatThrownBy(trained.toCompletableFuture()::join).hasRootCause(stop);
    }

    @Test
    @DisplayName("guides the jobs of every engine by the same expert")
    void guideEveryEngine() {
        CompletionStage<?> guided = workers.guide(GUIDANCE);

        first.receive("guide").complete(Done.getInstance());
        assertThat(guided.toCompletableFuture()).isNotDone();
        second.receive("guide").complete(Done.getInstance());
        assertThat(guided.toCompletableFuture().join()).isEqualTo(completed(Done.getInstance()));
    }

    @Test
    @DisplayName("cancels a job on every engine if it is cancelled on one")
    void cancel() {
        CancellationException stop = new CancellationException("stop");
        CompletionStage<?> guided = workers.guide(GUIDANCE);

        first.receive("guide").complete(Done.getInstance());
        second.receive("guide").reply(new WorkerReply.Cancelled<>(stop));

        assertThatThrownBy(guided.toCompletableFuture()::join).hasRootCause(stop);
    }

    @Test
    @DisplayName("of one worker repeats a failed job once and returns the second result, whatever it is")
    void retriesOnce() {
        CompletionStage<?> answer = pool.train(TRAINING);

        first.receive("train").fail("out of order");
        first.receive("train").fail("out of order again");

        assertThat(answer.toCompletableFuture().join()).isEqualTo(new WorkerReply.Failed<>("out of order again"));
    }

    @Test
    @DisplayName("of one worker does not repeat a cancelled job, and fails with its cancellation")
    void doesNotRetryACancelledJob() {
        CancellationException stop = new CancellationException("stop");
        CompletionStage<?> cancelled = pool.train(TRAINING);
        first.receive("train").reply(new WorkerReply.Cancelled<>(stop));
        assertThatThrownBy(cancelled.toCompletableFuture()::join).hasRootCause(stop);

        pool.exportNetworks();

        first.receive("networks");
    }

    @Test
    @DisplayName("measures the time without a reply while jobs are pending")
    void measuresSilence() {
        clock.advance(MINUTE);
        assertThat(pool.silence()).as("of a worker without jobs").isZero();

        CompletionStage<?> longer = pool.train(TRAINING);
        CompletionStage<?> later = pool.train(TRAINING);
        clock.advance(MINUTE);
        assertThat(pool.silence()).isEqualTo(MINUTE);

        first.receive("train").complete(OUTCOME);
        longer.toCompletableFuture().join();
        assertThat(pool.silence()).isZero();
        clock.advance(MINUTE);
        assertThat(pool.silence()).as("of the second job").isEqualTo(MINUTE);

        first.receive("train").complete(OUTCOME);
        later.toCompletableFuture().join();
        clock.advance(MINUTE);
        assertThat(pool.silence()).isZero();
    }

    @Test
    @DisplayName("does not train ahead, but in place")
    void trainsInPlace() {
        CompletableFuture<Done> needed = new CompletableFuture<>();
        CompletionStage<?> trained = pool.trainAhead(TRAINING, needed);
        first.expectNoJob();

        needed.complete(Done.getInstance());

        first.receive("train").complete(OUTCOME);
        assertThat(trained.toCompletableFuture().join()).isEqualTo(completed(OUTCOME));
    }
}
