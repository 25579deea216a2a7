package dev.reverie.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.worker.PlayedWorker.AskedJob;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Several workers, one of which fails,")
class FailedWorkersTest extends AbstractWorkersTest {

    @Test
    @DisplayName("repeat a failed job on another engine, and give the new engine the networks of that one")
    void renewAnEngine() {
        CompletionStage<?> answer = workers.classify(CLASSIFICATION);

        first.receive("classify").fail("out of order");

        second.receive("networks").complete(NETWORKS);
        second.receive("classify").complete(CLASSIFIED);
        assertThat(answer.toCompletableFuture().join()).isEqualTo(completed(CLASSIFIED));
        assertThat(first.receive("restore").arguments()).containsExactly(NETWORKS);
    }

    @Test
    @DisplayName("wait with a training for a new engine, which then takes part")
    void trainAfterARenewal() {
        workers.classify(CLASSIFICATION);
        first.receive("classify").fail("out of order");
        second.receive("networks").complete(NETWORKS);
        second.receive("classify").complete(CLASSIFIED);
        AskedJob restoration = first.receive("restore");

        workers.train(TRAINING);
        second.receive("trainCopy").complete(TRAINED);
        second.expectNoJob();
        restoration.complete(Done.getInstance());

        first.receive("adopt");
        second.receive("adopt");
    }

    @Test
    @DisplayName("train on another engine if one has failed to, which gets the networks of that one")
    void trainOnAnother() {
        CompletionStage<?> trained = workers.train(TRAINING);

        first.receive("trainCopy").fail("out of order");
        second.receive("networks").complete(NETWORKS);
        second.receive("trainCopy").complete(TRAINED);

        AskedJob restoration = first.receive("restore");
        assertThat(restoration.arguments()).containsExactly(NETWORKS);
        restoration.complete(Done.getInstance());
        first.receive("adopt").complete(Done.getInstance());
        second.receive("adopt").complete(Done.getInstance());
        assertThat(trained.toCompletableFuture().join()).isEqualTo(completed(OUTCOME));
    }

    @Test
    @DisplayName("take no networks from an engine that could not take a trained one, either")
    void renewFromTheLast() {
        PlayedWorker third = new PlayedWorker(testKit);
        new WorkerPool(List.of(first.ref(), second.ref(), third.ref()), testKit.scheduler(), clock).train(TRAINING);
        first.receive("trainCopy").complete(TRAINED);

        first.receive("adopt").fail("out of order");
        second.receive("adopt").fail("out of order");
        third.receive("adopt").complete(Done.getInstance());

        third.receive("networks");
        third.receive("networks");
        second.expectNoJob();
    }

    @Test
    @DisplayName("give all networks to an engine that could not take a trained one")
    void renewAfterAnAdoption() {
        CompletionStage<?> trained = workers.train(TRAINING);
        first.receive("trainCopy").complete(TRAINED);

        first.receive("adopt").complete(Done.getInstance());
        second.receive("adopt").fail("out of order");

        assertThat(trained.toCompletableFuture().join()).isEqualTo(completed(OUTCOME));
        first.receive("networks").complete(NETWORKS);
        assertThat(second.receive("restore").arguments()).containsExactly(NETWORKS);
    }

    @Test
    @DisplayName("report a training that no engine could take")
    void loseATraining() {
        CompletionStage<?> trained = workers.train(TRAINING);
        first.receive("trainCopy").complete(TRAINED);

        first.receive("adopt").fail("out of order");
        second.receive("adopt").fail("out of order");

        assertThat(trained.toCompletableFuture().join()).isEqualTo(new WorkerReply.Failed<>("out of order"));
    }

    @Test
    @DisplayName("do without an engine that cannot be created, and try it again after a while")
    void doWithoutAnEngine() {
        CompletionStage<?> answer = workers.classify(CLASSIFICATION);

        first.receive("classify").reply(new WorkerReply.Unavailable<>(new IllegalStateException("no device")));

        second.receive("networks").complete(NETWORKS);
        second.receive("classify").complete(CLASSIFIED);
        assertThat(answer.toCompletableFuture().join()).isEqualTo(completed(CLASSIFIED));
        first.receive("restore").reply(new WorkerReply.Unavailable<>(new IllegalStateException("no device")));
        workers.train(TRAINING);
        second.receive("trainCopy").complete(TRAINED);
        second.receive("adopt").complete(Done.getInstance());
        first.expectNoJob();

        clock.advance(GpuWorkerActor.RETRY_INTERVAL);
        workers.classify(CLASSIFICATION);

        second.receive("networks").complete(NETWORKS);
        second.receive("classify");
        first.receive("restore");
    }

    @Test
    @DisplayName("fail if no engine can be created")
    void failWithoutEngines() {
        IllegalStateException cause = new IllegalStateException("no device");
        CompletionStage<?> answer = workers.classify(CLASSIFICATION);

        first.receive("classify").reply(new WorkerReply.Unavailable<>(cause));
        second.receive("networks").reply(new WorkerReply.Unavailable<>(cause));
        second.receive("classify").reply(new WorkerReply.Unavailable<>(cause));

        assertThatThrownBy(answer.toCompletableFuture()::join).hasRootCause(cause);
    }
}
