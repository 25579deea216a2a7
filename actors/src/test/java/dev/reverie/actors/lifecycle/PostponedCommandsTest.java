package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.reservoir.TestShare;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.store.FailingStore;
import dev.reverie.actors.store.NoRetention;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.method.Method;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The actor of a durable class postpones commands while the store is read-only, and")
class PostponedCommandsTest {

    private static final String ID = "class|0";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int REQUESTS = 3000;

    @AutoClose
    private final FailingStore store = new FailingStore();

    private final TestProbe<ClassReport> supervisor = store.testKit().createTestProbe();
    private final TestProbe<Done> done = store.testKit().createTestProbe();
    private final TestProbe<ClassInfo> sealed = store.testKit().createTestProbe();
    private final DiskSpace disk = new DiskSpace();
    private final ActorRef<ClassMessage> actor = store.testKit()
            .spawn(DurableClassActor.create(
                    new ClassSetup(
                            0,
                            "cat",
                            new TestShare(7, 0),
                            Optional.empty(),
                            new ClassCapacity(20, 0, 256),
                            Coding.LOSSLESS),
                    Samples.settings(Method.DREAM),
                    disk,
                    InstantSource.system(),
                    supervisor.ref()));

    @Test
    @DisplayName("processes them after the disk has space again, even if a failed write has restarted it meanwhile")
    void survivesRestarts() {
        supervisor.expectMessageClass(ClassInfo.class, TIMEOUT);
        addSamples(1);
        supervisor.expectMessageClass(ClassInfo.class, TIMEOUT);
        disk.isFull = true;

        actor.tell(new ClassActor.Initialise(Samples.images(2, 2), done.ref()));
        store.journal().failNextPersisted(ID);
        actor.tell(new ClassCommand.Seal(sealed.ref()));
        addSamples(3);
        supervisor.expectMessageClass(ClassReport.Failed.class, TIMEOUT);
        supervisor.expectMessageClass(ClassInfo.class, TIMEOUT);
        disk.isFull = false;

        done.receiveMessage(TIMEOUT);
        sealed.receiveMessage(TIMEOUT);
        assertThat(persistedPhases()).containsExactly(ClassPhase.DISTILLING, ClassPhase.SEALED);
    }

    @Test
    @DisplayName("keeps the last one of each kind, since it replaces those before it")
    void keepsLastOfEachKind() {
        supervisor.expectMessageClass(ClassInfo.class, TIMEOUT);
        addSamples(1);
        supervisor.expectMessageClass(ClassInfo.class, TIMEOUT);
        TestProbe<Done> first = store.testKit().createTestProbe();
        disk.isFull = true;

        actor.tell(new ClassActor.Initialise(Samples.images(2, 2), first.ref()));
        enter(ClassPhase.CONVERGED);
        enter(ClassPhase.DISTILLING);
        actor.tell(new ClassCommand.Seal(sealed.ref()));
        actor.tell(new ClassActor.Initialise(Samples.images(2, 3), done.ref()));
        answersQuestions();
        disk.isFull = false;

        sealed.receiveMessage(TIMEOUT);
        done.receiveSeveralMessages(2, TIMEOUT);
        first.expectNoMessage(Duration.ofMillis(100));
        assertThat(persistedPhases()).containsExactly(ClassPhase.DISTILLING, ClassPhase.SEALED);
    }

    @Test
    @DisplayName("repeats one whose write has failed")
    void repeatsFailedWrites() {
        supervisor.expectMessageClass(ClassInfo.class, TIMEOUT);
        store.journal().failNextPersisted(ID);

        enter(ClassPhase.DISTILLING);

        done.receiveMessage(TIMEOUT);
        assertThat(persistedPhases()).containsExactly(ClassPhase.DISTILLING);
    }

    @Test
    @DisplayName("never reports learned images as saved that are not durable, even if the disk becomes full meanwhile")
    void savesBeforeReplying() {
        supervisor.expectMessageClass(ClassInfo.class, TIMEOUT);
        addSamples(1);
        actor.tell(new ClassActor.Initialise(Samples.images(2, 2), done.ref()));
        done.receiveMessage(TIMEOUT);
        learn();

        disk.answers = List.of(false, true, false).iterator();
        actor.tell(new ClassCommand.Save(done.ref()));
        done.receiveMessage(TIMEOUT);

        assertThat(store.journal().persistedInStorage(ID).getLast())
                .isInstanceOfSatisfying(
                        ClassEvent.ImagesLearned.class,
                        event -> assertThat(event.learned().innerLoops()).isEqualTo(1));
    }

    @Test
    @DisplayName("answers thousands of requests that arrive before it has restarted after a failed write")
    void keepsRequestsDuringRestart() {
        TestProbe<ClassInfo> summaries = store.testKit().createTestProbe();
        supervisor.expectMessageClass(ClassInfo.class, TIMEOUT);
        store.journal().failNextPersisted(ID);
        enter(ClassPhase.DISTILLING);
        supervisor.expectMessageClass(ClassReport.Failed.class, TIMEOUT);

        for (int i = 0; i < REQUESTS; i++) {
            actor.tell(new ClassCommand.GetInfo(summaries.ref()));
        }

        assertThat(summaries.receiveSeveralMessages(REQUESTS, TIMEOUT)).hasSize(REQUESTS);
    }

    private void enter(ClassPhase phase) {
        actor.tell(new ClassCommand.EnterPhase(phase, done.ref()));
    }

    /** Returns when the actor has received all earlier messages, and shows that it can still be read. */
    private void answersQuestions() {
        TestProbe<ClassInfo> reply = store.testKit().createTestProbe();
        actor.tell(new ClassCommand.GetInfo(reply.ref()));
        reply.receiveMessage(TIMEOUT);
    }

    private void addSamples(long seed) {
        List<Image> images = Samples.images(5, seed);
        actor.tell(new ClassCommand.AddSamples(
                seed,
                0,
                AbstractDurableClassActorTest.fingerprints(images),
                images,
                store.testKit().<ClassCommand.SamplesJudged>createTestProbe().ref()));
    }

    /** Changes the learned images of the class without a save. */
    private void learn() {
        ClassVisit visit = new ClassVisit(LoopPosition.START, 0, 0, 1);
        ImageBatch gradient = ImageBatch.of(Samples.SHAPE, Samples.floats(32, new SplittableRandom(3)));
        TestProbe<ClassActor.VisitEnded> ended = store.testKit().createTestProbe();
        actor.tell(new ClassActor.ApplyGradient(visit, gradient, ended.ref()));
        ended.receiveMessage(TIMEOUT);
    }

    private List<ClassPhase> persistedPhases() {
        return store.journal().persistedInStorage(ID).stream()
                .filter(ClassEvent.PhaseEntered.class::isInstance)
                .map(event -> ((ClassEvent.PhaseEntered) event).phase())
                .toList();
    }

    /** A disk whose state the test sets. */
    private static final class DiskSpace extends NoRetention {

        private volatile boolean isFull;
        /** The answers to the next questions. */
        private volatile Iterator<Boolean> answers = List.<Boolean>of().iterator();

        @Override
        public boolean isReadOnly() {
            return answers.hasNext() ? answers.next() : isFull;
        }
    }
}
