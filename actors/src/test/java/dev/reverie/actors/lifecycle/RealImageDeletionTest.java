package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.reservoir.TestShare;
import dev.reverie.actors.store.NoRetention;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.Method;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.apache.pekko.persistence.testkit.javadsl.SnapshotTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The deletion of the real images of a sealed class")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RealImageDeletionTest {

    private static final String ID = "class|0";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ActorTestKit testKit = ActorTestKit.create(ManualTime.config()
            .withFallback(PersistenceTestKitPlugin.config())
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.load("reverie"))
            .resolve());
    private final ManualTime time = ManualTime.get(testKit.system());
    private final PersistenceTestKit journal = PersistenceTestKit.create(testKit.system());
    private final SnapshotTestKit snapshots = SnapshotTestKit.create(testKit.system());
    private final NoRetention retention = new NoRetention();
    private final TestProbe<ClassReport> supervisor = testKit.createTestProbe();
    private final ActorRef<ClassMessage> actor = testKit.spawn(DurableClassActor.create(
            new ClassSetup(0, "cat", new TestShare(7, 0), Optional.empty(), new ClassCapacity(20, 0, 256)),
            Samples.settings(Method.DREAM),
            retention,
            InstantSource.system(),
            supervisor.ref()));

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    @DisplayName("is repeated with another snapshot if the snapshot of the seal could not be written")
    void retriesAfterFailedSnapshot() throws InterruptedException {
        // given
        addSamples();
        snapshots.failNextPersisted(ID);
        seal();
        assertThat(retention.failures()).hasSize(1);
        processAll();

        // when
        time.timePasses(RealImageDeletion.PAUSE);

        // then
        long snapshot = retention.nextTrim();
        assertThat(snapshot).isEqualTo(journal.persistedInStorage(ID).size());
        assertThat(snapshots.persistedInStorage(ID)).hasSize(1);
    }

    @Test
    @DisplayName("is repeated once after a pause, however often it has failed, and its reason is logged")
    void retriesOnce() throws InterruptedException {
        // given
        addSamples();
        retention.failDeletions(new IllegalStateException("the disk is away"));
        LoggingTestKit.warn(
                        "Could not delete the real images of the sealed class 'cat' from the store: the disk is away.")
                .expect(testKit.system(), () -> {
                    seal();
                    return true;
                });
        actor.tell(new ClassReminder.Compact());
        actor.tell(new ClassReminder.Compact());
        for (int failure = 0; failure < 3; failure++) {
            retention.nextTrim();
        }
        processAll();

        // when
        time.timePasses(RealImageDeletion.PAUSE);

        // then
        retention.nextTrim();
        processAll();
        assertThat(retention.waitingTrims()).isZero();
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

    /** Returns when the class is sealed and has tried to write its snapshot. */
    private void seal() {
        TestProbe<Done> sealed = testKit.createTestProbe();
        actor.tell(new ClassCommand.Seal(sealed.ref()));
        sealed.receiveMessage(TIMEOUT);
        summarise();
    }

    /** Returns when the actor has processed its messages, and those that it has sent to itself meanwhile. */
    private void processAll() {
        summarise();
        summarise();
    }

    private void summarise() {
        TestProbe<ClassSummary> summary = testKit.createTestProbe();
        actor.tell(new ClassCommand.GetSummary(summary.ref()));
        summary.receiveMessage(TIMEOUT);
    }
}
