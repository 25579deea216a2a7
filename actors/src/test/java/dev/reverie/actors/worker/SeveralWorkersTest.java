package dev.reverie.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.ClassifyOutcome;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.GuidanceTask;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainedNetwork;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Several workers")
class SeveralWorkersTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final NetworkId NETWORK = new NetworkId(0, 2);
    private static final ClassifyTask CLASSIFICATION =
            new ClassifyTask(NETWORK, ImageBatch.of(new ImageShape(1, 1, 1), new float[] {0.5F}));
    private static final TrainMatchingNetworkTask TRAINING = new TrainMatchingNetworkTask(NETWORK, List.of(), 0);
    private static final GuidanceTask GUIDANCE = new GuidanceTask(NETWORK, List.of(), List.of());
    private static final ClassifyOutcome CLASSIFIED = new ClassifyOutcome(List.of(List.of(1.0, 0.0)));
    private static final List<NetworkState> NETWORKS =
            List.of(new NetworkState(NETWORK, List.of(new float[] {1}), List.of(new float[] {0})));
    private static final WorkerReply.Completed<TrainedNetwork> TRAINED =
            completed(new TrainedNetwork(0.5, NETWORKS.getFirst()));
    private static final WorkerReply.Completed<TrainMatchingNetworkOutcome> OUTCOME =
            completed(new TrainMatchingNetworkOutcome(0.5));

    private final ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load("reverie"));
    private final TestProbe<GpuWorkerActor.Command> first = testKit.createTestProbe();
    private final TestProbe<GpuWorkerActor.Command> second = testKit.createTestProbe();
    private final ManualClock clock = new ManualClock();
    private final RetryingWorker workers =
            new RetryingWorker(List.of(first.ref(), second.ref()), testKit.scheduler(), clock);

    @AfterEach
    void shutDown() {
        testKit.shutdownTestKit();
    }

    @Test
    @DisplayName("run a job on an engine that is free")
    void shareJobs() {
        // given
        workers.classify(CLASSIFICATION);
        CompletionStage<WorkerReply.Result<ClassifyOutcome>> shorter = workers.classify(CLASSIFICATION);
        classification(first);

        // when
        classification(second).replyTo().tell(completed(CLASSIFIED));
        shorter.toCompletableFuture().join();
        workers.classify(CLASSIFICATION);

        // then
        classification(second);
        first.expectNoMessage();
    }

    @Test
    @DisplayName("are silent for as long as one of them does not reply, whatever the others do")
    void silenceOfOne() {
        // given
        CompletionStage<WorkerReply.Result<ClassifyOutcome>> longer = workers.classify(CLASSIFICATION);
        CompletionStage<WorkerReply.Result<ClassifyOutcome>> shorter = workers.classify(CLASSIFICATION);
        GpuWorkerActor.Classify hanging = classification(first);
        clock.advance(MINUTE);

        // when
        classification(second).replyTo().tell(completed(CLASSIFIED));
        shorter.toCompletableFuture().join();

        // then
        assertThat(workers.silence()).isEqualTo(MINUTE);
        hanging.replyTo().tell(completed(CLASSIFIED));
        longer.toCompletableFuture().join();
        assertThat(workers.silence()).isZero();
    }

    @Test
    @DisplayName("train a copy of a network on one engine, and give it to all")
    void trainOnce() {
        // when
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.train(TRAINING);

        // then
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
        // given
        workers.train(TRAINING);
        training(first).replyTo().tell(TRAINED);
        GpuWorkerActor.AdoptTrained adoption = adoption(second);
        workers.classify(CLASSIFICATION);
        second.expectNoMessage();

        // when
        adoption.replyTo().tell(completed(Done.getInstance()));
        adopt(first);

        // then
        classification(first);
    }

    @Test
    @DisplayName("run other jobs with the network as it was while one trains ahead, until it is not needed")
    void trainAhead() {
        // given
        CompletableFuture<Done> needed = new CompletableFuture<>();
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.trainAhead(TRAINING, needed);
        GpuWorkerActor.TrainCopy training = training(first);

        // when
        workers.classify(CLASSIFICATION);
        classification(second).replyTo().tell(completed(CLASSIFIED));
        training.replyTo().tell(TRAINED);
        first.expectNoMessage();
        needed.complete(Done.getInstance());

        // then
        adopt(first);
        adopt(second);
        assertThat(trained.toCompletableFuture().join()).isEqualTo(OUTCOME);
    }

    @Test
    @DisplayName("do not train ahead if there is only one, which trains in place")
    void trainAloneInPlace() {
        // given
        RetryingWorker one = new RetryingWorker(first.ref(), testKit.scheduler(), clock);
        CompletableFuture<Done> needed = new CompletableFuture<>();
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = one.trainAhead(TRAINING, needed);
        first.expectNoMessage();

        // when
        needed.complete(Done.getInstance());

        // then
        first.expectMessageClass(GpuWorkerActor.Train.class).replyTo().tell(OUTCOME);
        assertThat(trained.toCompletableFuture().join()).isEqualTo(OUTCOME);
    }

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
    @DisplayName("end a training that is cancelled")
    void cancelATraining() {
        // given
        CancellationException stop = new CancellationException("stop");
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.train(TRAINING);

        // when
        training(first).replyTo().tell(new WorkerReply.Cancelled<>(stop));

        // then
        assertThatThrownBy(trained.toCompletableFuture()::join).hasRootCause(stop);
    }

    @Test
    @DisplayName("guide the jobs of every engine by the same expert")
    void guideEveryEngine() {
        // when
        CompletionStage<WorkerReply.Result<Done>> guided = workers.guide(GUIDANCE);

        // then
        guidance(first).replyTo().tell(completed(Done.getInstance()));
        assertThat(guided.toCompletableFuture()).isNotDone();
        guidance(second).replyTo().tell(completed(Done.getInstance()));
        assertThat(guided.toCompletableFuture().join()).isEqualTo(completed(Done.getInstance()));
    }

    @Test
    @DisplayName("cancel a job on every engine if it is cancelled on one")
    void cancel() {
        // given
        CancellationException stop = new CancellationException("stop");
        CompletionStage<WorkerReply.Result<Done>> guided = workers.guide(GUIDANCE);

        // when
        guidance(first).replyTo().tell(completed(Done.getInstance()));
        guidance(second).replyTo().tell(new WorkerReply.Cancelled<>(stop));

        // then
        assertThatThrownBy(guided.toCompletableFuture()::join).hasRootCause(stop);
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

    private static <T> WorkerReply.Completed<T> completed(T outcome) {
        return new WorkerReply.Completed<>(outcome, 0);
    }

    private static GpuWorkerActor.Classify classification(TestProbe<GpuWorkerActor.Command> worker) {
        return worker.expectMessageClass(GpuWorkerActor.Classify.class);
    }

    private static GpuWorkerActor.TrainCopy training(TestProbe<GpuWorkerActor.Command> worker) {
        return worker.expectMessageClass(GpuWorkerActor.TrainCopy.class);
    }

    private static GpuWorkerActor.Guide guidance(TestProbe<GpuWorkerActor.Command> worker) {
        return worker.expectMessageClass(GpuWorkerActor.Guide.class);
    }

    private static void adopt(TestProbe<GpuWorkerActor.Command> worker) {
        adoption(worker).replyTo().tell(completed(Done.getInstance()));
    }

    private static GpuWorkerActor.AdoptTrained adoption(TestProbe<GpuWorkerActor.Command> worker) {
        return worker.expectMessageClass(GpuWorkerActor.AdoptTrained.class);
    }

    private static GpuWorkerActor.ExportNetworks export(TestProbe<GpuWorkerActor.Command> worker) {
        return worker.expectMessageClass(GpuWorkerActor.ExportNetworks.class);
    }

    private static GpuWorkerActor.RestoreNetworks restoration(TestProbe<GpuWorkerActor.Command> worker) {
        return worker.expectMessageClass(GpuWorkerActor.RestoreNetworks.class);
    }
}
