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
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Several workers")
class SeveralWorkersTest {

    private static final NetworkId NETWORK = new NetworkId(0, 2);
    private static final ClassifyTask CLASSIFICATION =
            new ClassifyTask(NETWORK, ImageBatch.of(new ImageShape(1, 1, 1), new float[] {0.5F}));
    private static final TrainMatchingNetworkTask TRAINING = new TrainMatchingNetworkTask(NETWORK, List.of(), 0);
    private static final WorkerReply.Completed<TrainMatchingNetworkOutcome> TRAINED =
            completed(new TrainMatchingNetworkOutcome(0.5));
    private static final GuidanceTask GUIDANCE = new GuidanceTask(NETWORK, List.of(), List.of());
    private static final ClassifyOutcome CLASSIFIED = new ClassifyOutcome(List.of(List.of(1.0, 0.0)));
    private static final List<NetworkState> NETWORKS =
            List.of(new NetworkState(NETWORK, List.of(new float[] {1}), List.of(new float[] {0})));

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
    @DisplayName("train a network on one engine, and give it to the others")
    void trainOnce() {
        // when
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.train(TRAINING);

        // then
        training(first).replyTo().tell(TRAINED);
        trainedExport(first).replyTo().tell(completed(NETWORKS.getFirst()));
        GpuWorkerActor.AdoptTrained adoption = adoption(second);
        assertThat(adoption.trained()).isEqualTo(NETWORKS.getFirst());
        assertThat(trained.toCompletableFuture()).isNotDone();
        adoption.replyTo().tell(completed(Done.getInstance()));
        assertThat(trained.toCompletableFuture().join()).isEqualTo(TRAINED);
    }

    @Test
    @DisplayName("let a job wait until every engine has the trained network")
    void waitForATraining() {
        // given
        workers.train(TRAINING);
        training(first).replyTo().tell(TRAINED);
        workers.classify(CLASSIFICATION);
        trainedExport(first).replyTo().tell(completed(NETWORKS.getFirst()));
        GpuWorkerActor.AdoptTrained adoption = adoption(second);
        first.expectNoMessage();

        // when
        adoption.replyTo().tell(completed(Done.getInstance()));

        // then
        classification(first);
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
        second.expectNoMessage();
        restoration.replyTo().tell(completed(Done.getInstance()));

        // then
        training(first).replyTo().tell(TRAINED);
        trainedExport(first).replyTo().tell(completed(NETWORKS.getFirst()));
        adoption(second);
    }

    @Test
    @DisplayName("train on another engine if one has failed to, which gets the networks of that one")
    void trainOnAnother() {
        // given
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.train(TRAINING);

        // when
        training(first).replyTo().tell(new WorkerReply.Failed<>("out of order"));
        training(second).replyTo().tell(TRAINED);
        trainedExport(second).replyTo().tell(completed(NETWORKS.getFirst()));

        // then
        assertThat(trained.toCompletableFuture().join()).isEqualTo(TRAINED);
        export(second).replyTo().tell(completed(NETWORKS));
        assertThat(restoration(first).states()).isEqualTo(NETWORKS);
    }

    @Test
    @DisplayName("take no networks from an engine that has failed to train, too")
    void trainOnTheLast() {
        // given
        TestProbe<GpuWorkerActor.Command> third = testKit.createTestProbe();
        new RetryingWorker(List.of(first.ref(), second.ref(), third.ref()), testKit.scheduler(), clock).train(TRAINING);

        // when
        training(first).replyTo().tell(new WorkerReply.Failed<>("out of order"));
        training(second).replyTo().tell(new WorkerReply.Failed<>("out of order"));
        training(third).replyTo().tell(TRAINED);
        trainedExport(third).replyTo().tell(completed(NETWORKS.getFirst()));

        // then
        export(third);
        export(third);
        second.expectNoMessage();
    }

    @Test
    @DisplayName("train on another engine if the trained network is lost")
    void trainAgainAfterALoss() {
        // given
        workers.train(TRAINING);

        // when
        training(first).replyTo().tell(TRAINED);
        trainedExport(first).replyTo().tell(new WorkerReply.Failed<>("out of order"));

        // then
        training(second);
    }

    @Test
    @DisplayName("give all networks to an engine that could not take a trained one")
    void renewAfterAnAdoption() {
        // given
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained = workers.train(TRAINING);
        training(first).replyTo().tell(TRAINED);
        trainedExport(first).replyTo().tell(completed(NETWORKS.getFirst()));

        // when
        adoption(second).replyTo().tell(new WorkerReply.Failed<>("out of order"));

        // then
        assertThat(trained.toCompletableFuture().join()).isEqualTo(TRAINED);
        export(first).replyTo().tell(completed(NETWORKS));
        assertThat(restoration(second).states()).isEqualTo(NETWORKS);
    }

    @Test
    @DisplayName("train again if all engines have failed")
    void trainAgain() {
        // given
        workers.train(TRAINING);

        // when
        training(first).replyTo().tell(new WorkerReply.Unavailable<>(new IllegalStateException("no device")));
        training(second).replyTo().tell(new WorkerReply.Failed<>("out of order"));

        // then
        training(first);
    }

    @Test
    @DisplayName("end a training that is cancelled on one engine")
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

    private static GpuWorkerActor.Train training(TestProbe<GpuWorkerActor.Command> worker) {
        return worker.expectMessageClass(GpuWorkerActor.Train.class);
    }

    private static GpuWorkerActor.Guide guidance(TestProbe<GpuWorkerActor.Command> worker) {
        return worker.expectMessageClass(GpuWorkerActor.Guide.class);
    }

    private static GpuWorkerActor.ExportTrained trainedExport(TestProbe<GpuWorkerActor.Command> worker) {
        return worker.expectMessageClass(GpuWorkerActor.ExportTrained.class);
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
