package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.ImageBatch;
import java.time.Duration;
import java.util.SplittableRandom;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The actor of a durable class saves learned images")
class SaveIntervalTest extends AbstractManualTimeTest {

    /** More than the pause before the first restart of an actor whose store has failed. */
    private static final Duration RESTART = Duration.ofSeconds(1);

    private final TestProbe<Done> done = testKit.createTestProbe();

    @BeforeEach
    void initialise() {
        addSamples();
        actor.tell(new ClassActor.Initialise(Samples.images(2, 2), done.ref()));
        done.receiveMessage(TIMEOUT);
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
        enter(ClassPhase.CONVERGED);
        learn();

        actor.tell(new ClassActor.Clamp());

        Duration most = PostponedCommands.CONVERGED_SAVE_INTERVAL.minusSeconds(1);
        assertThat(savesAfter(most)).isZero();
        assertThat(savesAfter(Duration.ofSeconds(1))).isEqualTo(1);
    }

    @Test
    @DisplayName("at once when it enters another phase")
    void drifted() {
        enter(ClassPhase.CONVERGED);
        learn();

        enter(ClassPhase.DISTILLING);

        assertThat(savesAfter(Duration.ZERO)).isEqualTo(1);
    }

    @Test
    @DisplayName("30 s after its store has failed, even once it has converged")
    void afterAFailure() {
        enter(ClassPhase.CONVERGED);
        learn();
        journal.failNextPersisted(ID);

        time.timePasses(PostponedCommands.CONVERGED_SAVE_INTERVAL);
        recover();

        assertThat(savesAfter(Duration.ZERO)).isZero();
        assertThat(savesAfter(PostponedCommands.SAVE_INTERVAL)).isEqualTo(1);
    }

    /** Waits until the store has failed, and lets the actor restart. */
    private void recover() {
        supervisor.fishForMessage(
                TIMEOUT,
                report -> report instanceof ClassReport.Failed
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        supervisor.awaitAssert(TIMEOUT, () -> {
            time.timePasses(RESTART); // the actor begins its pause after it has reported the failure
            return supervisor.expectMessageClass(ClassInfo.class, Duration.ofSeconds(2));
        });
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
        awaitReply();
    }

    /** Lets time pass, and returns how often the class has saved what it learned so far. */
    private long savesAfter(Duration pause) {
        awaitReply();
        time.timePasses(pause);
        awaitReply();
        return journal.persistedInStorage(ID).stream()
                .filter(event -> event instanceof ClassEvent.ImagesLearned(var learned) && learned.innerLoops() > 0)
                .count();
    }
}
