package dev.reverie.actors.clustering;

import static dev.reverie.actors.clustering.BackgroundClusteringActorTest.startedClass;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.worker.PlayedWorker;
import dev.reverie.actors.worker.PlayedWorker.AskedJob;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.select.SelectionRule;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The representatives of the classes of a run")
class RunClusteringTest {

    private static final Duration NOTHING_FOR = Duration.ofMillis(200);
    private static final NetworkId NETWORK = new NetworkId(0, 2);
    private static final int INTERVAL = 10;

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load("reverie"));

    private final PlayedWorker worker = new PlayedWorker(testKit);
    private final List<TelemetryEvent> events = new CopyOnWriteArrayList<>();
    private final List<ClassClient> classes = List.of(startedClass(testKit, 0), startedClass(testKit, 1));

    @Test
    @DisplayName("are chosen for every class before its first loop, one class after the other")
    void allAreDueAtTheStart() {
        var clustering = clustering(Map.of());

        var refreshed = refreshBefore(clustering, 0, 0);

        AskedJob first = worker.receive("select");
        worker.expectNoJob(NOTHING_FOR);
        first.reply(selected(List.of(0, 2, 3)));
        answerSelection();
        assertThat(refreshed.join()).isEqualTo(1);
        assertThat(events)
                .containsExactly(
                        chosen(0, new LoopPosition(0, 0), OptionalDouble.empty()),
                        chosen(1, new LoopPosition(0, 0), OptionalDouble.empty()));
    }

    @Test
    @DisplayName("are chosen for as many classes at a time as there are workers, and published in order")
    void severalWorkers() {
        var clustering = clustering(2, Map.of());
        TestProbe<ClassActor.Command> third = testKit.createTestProbe();
        List<ClassClient> three = List.of(
                startedClass(testKit, 0), startedClass(testKit, 1), new ClassClient(2, "class 2", 4, third.ref()));
        var refreshed =
                clustering.refresh(new LoopPosition(0, 0), NETWORK, three).toCompletableFuture();
        List<AskedJob> jobs = Stream.of(worker.receive("select"), worker.receive("select"))
                .sorted(Comparator.comparing(RunClusteringTest::label))
                .toList();
        third.expectNoMessage(NOTHING_FOR);

        jobs.get(1).reply(selected(List.of(0, 2, 3)));
        third.expectNoMessage(NOTHING_FOR);
        jobs.get(0).reply(selected(List.of(0, 2, 3)));
        third.expectMessageClass(ClassActor.FindCandidates.class)
                .replyTo()
                .tell(new ClassActor.Candidates(List.of(0, 1, 2, 3), Samples.images(4, 2)));
        answerSelection();
        third.expectMessageClass(ClassActor.SetRepresentatives.class)
                .replyTo()
                .tell(new ClassActor.RepresentativesSet(OptionalDouble.empty()));

        assertThat(refreshed.join()).isEqualTo(1.5);
        assertThat(events)
                .extracting(event -> ((TelemetryEvent.RepresentativesChosen) event).classIndex())
                .containsExactly(0, 1, 2);
    }

    @Test
    @DisplayName("are published with the share of new ones")
    void publishMigration() {
        var clustering = clustering(Map.of(0, new LoopPosition(0, 2)));
        var first = refreshBefore(clustering, 0, 2);
        answerSelection(List.of(0, 2, 3));
        first.join();

        var second = refreshBefore(clustering, 1, 0);
        answerSelection();
        answerSelection(List.of(1, 3, 4));

        second.join();
        assertThat(events)
                .containsExactly(
                        chosen(1, new LoopPosition(0, 2), OptionalDouble.empty()),
                        chosen(0, new LoopPosition(1, 0), OptionalDouble.empty()),
                        chosen(1, new LoopPosition(1, 0), OptionalDouble.of(2.0 / 3)));
    }

    private static TelemetryEvent chosen(int classIndex, LoopPosition position, OptionalDouble migration) {
        return new TelemetryEvent.RepresentativesChosen(
                classIndex, position.outer(), position.inner(), 3, 2.5, OptionalDouble.of(0.125), migration, 0.5);
    }

    @Test
    @DisplayName("are due again after an interval, not before")
    void areDueAfterAnInterval() {
        var clustering = clustering(Map.of(0, new LoopPosition(0, 2), 1, new LoopPosition(0, 1)));

        var refreshed = refreshBefore(clustering, 0, 11);

        assertThat(answerSelection()).isEqualTo(1);
        assertThat(refreshed.join()).isEqualTo(0.5);
        worker.expectNoJob(NOTHING_FOR);
    }

    @Test
    @DisplayName("are all due in a new outer iteration, however new they are")
    void areDueInANewOuterIteration() {
        var clustering = clustering(Map.of(0, new LoopPosition(0, 99), 1, new LoopPosition(0, 99)));

        var refreshed = refreshBefore(clustering, 1, 0);

        assertThat(answerSelection()).isZero();
        assertThat(answerSelection()).isEqualTo(1);
        assertThat(refreshed.join()).isEqualTo(1);
    }

    @Test
    @DisplayName("that could not be refreshed are due again before the next loop")
    void areDueAgainAfterAFailure() {
        var clustering = clustering(Map.of(1, new LoopPosition(0, 0)));
        var refreshed = refreshBefore(clustering, 0, 0);

        failSelection();
        failSelection();
        assertThat(refreshed.join()).isEqualTo(0);
        var again = refreshBefore(clustering, 0, 1);

        assertThat(answerSelection()).isZero();
        assertThat(again.join()).isEqualTo(0.5);
    }

    private RunClustering clustering(Map<Integer, LoopPosition> refreshedAt) {
        return clustering(1, refreshedAt);
    }

    private RunClustering clustering(int workers, Map<Integer, LoopPosition> refreshedAt) {
        RepresentativeRefresh refresh = new RepresentativeRefresh(
                worker.pool(workers),
                SelectionRule.K_MEANS,
                Samples.settings(Method.DREAM),
                events::add,
                testKit.scheduler());
        return new RunClustering(refresh, INTERVAL, refreshedAt);
    }

    private CompletableFuture<Double> refreshBefore(RunClustering clustering, int outer, int inner) {
        return clustering
                .refresh(new LoopPosition(outer, inner), NETWORK, classes)
                .toCompletableFuture();
    }

    /** Answers the worker's next job and returns the class that it was for. */
    private int answerSelection() {
        return answerSelection(List.of(0, 2, 3));
    }

    private int answerSelection(List<Integer> indices) {
        AskedJob job = worker.receive("select");
        job.reply(selected(indices));
        return label(job);
    }

    private static WorkerReply<SelectOutcome> selected(List<Integer> indices) {
        return new WorkerReply.Completed<>(new SelectOutcome(indices, 2.5, OptionalDouble.of(0.125)), 0.5);
    }

    private static int label(AskedJob job) {
        return job.task(SelectTask.class).candidates().size() - 4;
    }

    private void failSelection() {
        worker.receive("select").fail("no");
    }
}
