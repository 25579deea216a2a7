package dev.reverie.actors.clustering;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.classes.ClassMemory;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.worker.PlayedWorker;
import dev.reverie.actors.worker.PlayedWorker.AskedJob;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.select.SelectionRule;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The representatives of the classes of a service")
class BackgroundClusteringActorTest {

    private static final Duration NOTHING_FOR = Duration.ofMillis(200);
    private static final Duration PERIOD = Duration.ofSeconds(60);
    private static final RefreshInterval INTERVAL = new RefreshInterval(Optional.of(10), PERIOD, 0.5, Optional.empty());

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load("reverie"));

    private final PlayedWorker worker = new PlayedWorker(testKit);
    private final TestProbe<BackgroundClusteringActor.FirstRepresentatives> coordinator = testKit.createTestProbe();
    private final ManualClock clock = new ManualClock();
    private final List<ClassClient> classes = List.of(startedClass(testKit, 0), startedClass(testKit, 1));
    private ActorRef<BackgroundClusteringActor.Command> actor = testKit.system().deadLetters();

    @BeforeEach
    void start() {
        actor = refreshingAt(INTERVAL);
        setMatched(0, 0, 100);
        assertThat(answerSelection()).isZero();
        assertThat(answerSelection()).isEqualTo(1);
    }

    @Test
    @DisplayName("are kept until a limit of the interval is reached")
    void keep() {
        setMatched(0, 9, 149);
        worker.expectNoJob(NOTHING_FOR);
    }

    @Test
    @DisplayName("are refreshed after a number of inner loops, one class after the other")
    void areDueByLoops() {
        setMatched(0, 10, 100);
        AskedJob first = worker.receive("select");
        worker.expectNoJob(NOTHING_FOR);
        answer(first);
        assertThat(answerSelection()).isEqualTo(1);
    }

    @Test
    @DisplayName("are refreshed after some time even if no loop has ended")
    void areDueByTime() {
        // the actor may record the end of a refresh late, so the same class can be due twice in a row
        Set<Integer> refreshed = new HashSet<>();
        for (int refresh = 0; refresh < 2 * classes.size(); refresh++) {
            refreshed.add(answer(awaitSelectionByTime()));
        }
        assertThat(refreshed).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    @DisplayName("are not refreshed for a class that is forgotten, however long no loop has begun")
    void forgotten() {
        classes.getFirst().pendingAsks().end();
        assertThat(answer(awaitSelectionByTime())).isEqualTo(1);
        worker.expectNoJob(NOTHING_FOR);
    }

    @Test
    @DisplayName("are refreshed when enough samples have arrived")
    void areDueByArrivals() {
        setMatched(0, 1, 150);
        assertThat(answerSelection()).isZero();
        assertThat(answerSelection()).isEqualTo(1);
    }

    @Test
    @DisplayName("are announced to the coordinator when a class has its first ones, and only then")
    void announced() {
        coordinator.expectMessage(new BackgroundClusteringActor.FirstRepresentatives(0));
        coordinator.expectMessage(new BackgroundClusteringActor.FirstRepresentatives(1));

        setMatched(1, 0, 100);
        answerSelection();
        answerSelection();

        coordinator.expectNoMessage(NOTHING_FOR);
    }

    @Test
    @DisplayName("are not announced again for a class whose requests have failed because it was silent")
    void announcedOnce() {
        coordinator.expectMessage(new BackgroundClusteringActor.FirstRepresentatives(0));
        coordinator.expectMessage(new BackgroundClusteringActor.FirstRepresentatives(1));
        ClassClient silent = classes.getFirst();
        silent.pendingAsks().end();

        ClassClient again = new ClassClient(silent.classIndex(), silent.name(), silent.size(), silent.actor());
        actor.tell(new BackgroundClusteringActor.SetMatchedClasses(
                new LoopPosition(0, 1),
                new NetworkId(0, 2),
                List.of(new BackgroundClusteringActor.MatchedClass(again, 100))));
        assertThat(answerSelection()).isZero();

        coordinator.expectNoMessage(NOTHING_FOR);
    }

    @Test
    @DisplayName("are announced with the next ones if the class did not confirm its first ones in time")
    void announcedLate() {
        coordinator.expectMessage(new BackgroundClusteringActor.FirstRepresentatives(0));
        coordinator.expectMessage(new BackgroundClusteringActor.FirstRepresentatives(1));
        TestProbe<ClassActor.Command> slow = testKit.createTestProbe();
        ClassClient unconfirmed = new ClassClient(2, "slow", 4, slow.ref());
        setRepresentatives(unconfirmed, slow);
        unconfirmed.pendingAsks().end();

        setRepresentatives(new ClassClient(2, "slow", 4, slow.ref()), slow)
                .replyTo()
                .tell(new ClassActor.RepresentativesSet(OptionalDouble.of(0.5)));

        coordinator.expectMessage(new BackgroundClusteringActor.FirstRepresentatives(2));
    }

    /** Has the representatives of a class refreshed, and returns the request that sets them. */
    private ClassActor.SetRepresentatives setRepresentatives(
            ClassClient target, TestProbe<ClassActor.Command> classActor) {
        actor.tell(new BackgroundClusteringActor.SetMatchedClasses(
                new LoopPosition(0, 1),
                new NetworkId(0, 3),
                List.of(new BackgroundClusteringActor.MatchedClass(target, 100))));
        classActor
                .expectMessageClass(ClassActor.FindCandidates.class)
                .replyTo()
                .tell(new ClassActor.Candidates(List.of(0, 1, 2, 3), Samples.images(4, 2)));
        answerSelection();
        return classActor.expectMessageClass(ClassActor.SetRepresentatives.class);
    }

    @Test
    @DisplayName("are refreshed for a new network")
    void areDueWithANewNetwork() {
        setMatched(1, 0, 100);
        assertThat(answerSelection()).isZero();
        assertThat(answerSelection()).isEqualTo(1);
    }

    @Test
    @DisplayName("are not refreshed for a new network or after more loops if the networks are not trained")
    void areNotDueWithAnotherUntrainedNetwork() {
        actor = refreshingAt(new RefreshInterval(Optional.empty(), PERIOD, 0.5, Optional.empty()));
        setMatched(0, 0, 100);
        assertThat(answerSelection()).isZero();
        assertThat(answerSelection()).isEqualTo(1);

        setMatched(1, 20, 100);

        worker.expectNoJob(NOTHING_FOR);
    }

    @Test
    @DisplayName("are refreshed, for networks that are not trained, in at most a tenth of the time")
    void pausesBetweenRefreshes() {
        actor = refreshingAt(INTERVAL.forUntrainedNetworks());
        setMatched(0, 0, 100);
        assertThat(answerSelection()).isZero();

        setMatched(0, 1, 100);
        worker.expectNoJob(NOTHING_FOR);

        clock.advance(Duration.ofMillis(4400)); // the refresh took 0.5 s, so the pause takes 4.5 s
        setMatched(0, 2, 100);
        worker.expectNoJob(NOTHING_FOR);

        clock.advance(Duration.ofMillis(4500)); // the actor may have recorded the end of the refresh late
        setMatched(0, 3, 100);
        assertThat(answerSelection()).isEqualTo(1);
    }

    @Test
    @DisplayName("are refreshed, for networks that are not trained, in at most a tenth of the time if the worker fails")
    void pausesAfterAFailure() {
        restartForUntrainedNetworks();

        AskedJob attempt = worker.receive("select");
        clock.advance(Duration.ofMillis(500));
        attempt.fail("no");
        worker.receive("select").fail("no");

        requirePause();
    }

    @Test
    @DisplayName("are refreshed, for networks that are not trained, in at most a tenth of the time without an engine")
    void pausesWithoutAnEngine() {
        restartForUntrainedNetworks();

        AskedJob attempt = worker.receive("select");
        clock.advance(Duration.ofMillis(500));
        attempt.reply(new WorkerReply.Unavailable<>(new IllegalStateException("no engine")));

        requirePause();
    }

    /** Stops the actor, which would otherwise send jobs as well when a period has passed, and starts another one. */
    private void restartForUntrainedNetworks() {
        testKit.stop(actor);
        actor = refreshingAt(INTERVAL.forUntrainedNetworks());
        setMatched(0, 0, 100);
    }

    /** Fails if the second class is refreshed before the pause after the first one's 0.5 s has passed, or never. */
    private void requirePause() {
        worker.expectNoJob(NOTHING_FOR);
        clock.advance(Duration.ofMillis(4400)); // the pause takes 4.5 s
        setMatched(0, 1, 100);
        worker.expectNoJob(NOTHING_FOR);
        assertThat(answer(awaitSelectionByTime())).isEqualTo(1);
    }

    private ActorRef<BackgroundClusteringActor.Command> refreshingAt(RefreshInterval interval) {
        RepresentativeRefresh refresh = new RepresentativeRefresh(
                worker.pool(1),
                SelectionRule.K_MEANS,
                Samples.settings(Method.DREAM),
                event -> {},
                testKit.scheduler());
        return testKit.spawn(BackgroundClusteringActor.create(refresh, interval, clock, coordinator.ref()));
    }

    private void setMatched(int outer, int inner, long seen) {
        actor.tell(new BackgroundClusteringActor.SetMatchedClasses(
                new LoopPosition(outer, inner),
                new NetworkId(outer, 2),
                classes.stream()
                        .map(matched -> new BackgroundClusteringActor.MatchedClass(matched, seen))
                        .toList()));
    }

    /** Starts a class of a size that no other class has, which identifies it in the jobs of the worker. */
    static ClassClient startedClass(ActorTestKit testKit, int classIndex) {
        int size = 4 + classIndex;
        ClassMemory memory =
                new ClassMemory(classIndex, Samples.images(size, classIndex), Samples.settings(Method.DREAM));
        return new ClassClient(classIndex, "class " + classIndex, size, testKit.spawn(ClassActor.create(memory)));
    }

    /**
     * Lets one period after another pass, because the actor may record the end of a refresh after the first of them.
     */
    private AskedJob awaitSelectionByTime() {
        return coordinator.awaitAssert(Duration.ofSeconds(30), () -> {
            clock.advance(PERIOD);
            return worker.receive("select", Duration.ofSeconds(2));
        });
    }

    /** Answers the worker's next job and returns the class that it was for. */
    private int answerSelection() {
        return answer(worker.receive("select"));
    }

    private static int answer(AskedJob job) {
        job.reply(new WorkerReply.Completed<>(new SelectOutcome(List.of(0, 2, 3), 2.5, OptionalDouble.empty()), 0.5));
        return job.task(SelectTask.class).candidates().size() - 4;
    }
}
