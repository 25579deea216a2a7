package dev.reverie.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A pool of one worker")
class SingleWorkerTest extends AbstractWorkersTest {

    private final WorkerPool pool = new WorkerPool(List.of(first.ref()), testKit.scheduler(), clock);

    @Test
    @DisplayName("repeats a failed job once and returns the second result, whatever it is")
    void retriesOnce() {
        CompletionStage<?> answer = pool.train(TRAINING);

        first.receive("train").fail("out of order");
        first.receive("train").fail("out of order again");

        assertThat(answer.toCompletableFuture().join()).isEqualTo(new WorkerReply.Failed<>("out of order again"));
    }

    @Test
    @DisplayName("does not repeat a cancelled job, and fails with its cancellation")
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
