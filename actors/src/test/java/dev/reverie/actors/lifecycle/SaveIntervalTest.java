package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.reservoir.TestShare;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.store.NoRetention;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.method.Method;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The actor of a durable class saves learned images")
class SaveIntervalTest {

    private static final String ID = "class|0";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ActorTestKit testKit = ActorTestKit.create(ManualTime.config()
            .withFallback(PersistenceTestKitPlugin.config())
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.load("reverie"))
            .resolve());
    private final ManualTime time = ManualTime.get(testKit.system());
    private final PersistenceTestKit journal = PersistenceTestKit.create(testKit.system());
    private final TestProbe<ClassReport> supervisor = testKit.createTestProbe();
    private final TestProbe<Done> done = testKit.createTestProbe();
    private final ActorRef<ClassMessage> actor = testKit.spawn(DurableClassActor.create(
            new ClassSetup(0, "cat", new TestShare(7, 0), Optional.empty(), new ClassCapacity(20, 0, 256)),
            Samples.settings(Method.DREAM),
            new NoRetention(),
            InstantSource.system(),
            supervisor.ref()));

    @BeforeEach
    void initialise() {
        addSamples();
        actor.tell(new ClassActor.Initialise(Samples.images(2, 2), done.ref()));
        done.receiveMessage(TIMEOUT);
    }

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    @DisplayName("after 30 s while it learns")
    void learning() {
        learn();

        assertThat(savesAfter(PostponedCommands.SAVE_INTERVAL)).isEqualTo(1);
    }

    @Test
    @DisplayName("after ten minutes once it has converged, however many outer iterations begin")
    void converged() {
        // given
        enter(ClassPhase.CONVERGED);
        learn();

        // when
        actor.tell(new ClassActor.Clamp());

        // then
        Duration most = PostponedCommands.CONVERGED_SAVE_INTERVAL.minusSeconds(1);
        assertThat(savesAfter(most)).isZero();
        assertThat(savesAfter(Duration.ofSeconds(1))).isEqualTo(1);
    }

    @Test
    @DisplayName("at once when it enters another phase")
    void drifted() {
        // given
        enter(ClassPhase.CONVERGED);
        learn();

        // when
        enter(ClassPhase.DISTILLING);

        // then
        assertThat(savesAfter(Duration.ZERO)).isEqualTo(1);
    }

    private void addSamples() {
        long epoch = supervisor
                .expectMessageClass(ClassReport.Recovered.class, TIMEOUT)
                .epoch();
        TestProbe<ClassReply> reply = testKit.createTestProbe();
        List<Image> images = Samples.images(5, 1);
        actor.tell(new ClassCommand.Commit(
                new UUID(0, 1),
                epoch,
                Optional.empty(),
                AbstractDurableClassActorTest.fingerprints(images),
                images,
                reply.ref()));
        reply.expectMessageClass(ClassReply.Committed.class, TIMEOUT);
    }

    private void enter(ClassPhase phase) {
        actor.tell(new ClassCommand.EnterPhase(phase, done.ref()));
        done.receiveMessage(TIMEOUT);
    }

    /** Changes the learned images of the class. */
    private void learn() {
        ClassVisit visit = new ClassVisit(LoopPosition.START, 0, 0, 1);
        ImageBatch gradient = ImageBatch.of(Samples.SHAPE, Samples.floats(32, new SplittableRandom(3)));
        TestProbe<ClassActor.VisitEnded> ended = testKit.createTestProbe();
        actor.tell(new ClassActor.ApplyGradient(visit, gradient, ended.ref()));
        ended.receiveMessage(TIMEOUT);
        summarise();
    }

    /** Lets time pass, and returns how often the class has saved what it learned so far. */
    private long savesAfter(Duration pause) {
        summarise();
        time.timePasses(pause);
        summarise();
        return journal.persistedInStorage(ID).stream()
                .filter(event -> event instanceof ClassEvent.ImagesLearned(var learned) && learned.innerLoops() > 0)
                .count();
    }

    /** Returns when the actor has processed all earlier messages. */
    private void summarise() {
        TestProbe<ClassSummary> summary = testKit.createTestProbe();
        actor.tell(new ClassCommand.GetSummary(summary.ref()));
        summary.receiveMessage(TIMEOUT);
    }
}
