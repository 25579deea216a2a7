package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.persistence.testkit.javadsl.SnapshotTestKit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The deletion of the real images of a sealed class")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JournalCompactionTest extends AbstractManualTimeTest {

    private final SnapshotTestKit snapshots = SnapshotTestKit.create(testKit.system());

    @Test
    @DisplayName("is repeated with another snapshot if the snapshot of the seal could not be written")
    void retriesAfterFailedSnapshot() throws InterruptedException {
        addSamples();
        snapshots.failNextPersisted(ID);
        seal();
        assertThat(retention.failures()).hasSize(1);
        processAll();

        time.timePasses(JournalCompaction.PAUSE);

        long snapshot = retention.nextTrim();
        assertThat(snapshot).isEqualTo(journal.persistedInStorage(ID).size());
        assertThat(snapshots.persistedInStorage(ID)).hasSize(1);
    }

    @Test
    @DisplayName("is repeated once after a pause, however often it has failed, and its reason is logged")
    void retriesOnce() throws InterruptedException {
        addSamples();
        retention.failDeletions(new IllegalStateException("the disk is away"));
        LoggingTestKit.warn(
                        "Could not delete the real images of the sealed class 'cat' from the store: the disk is away.")
                .expect(testKit.system(), () -> {
                    seal();
                    return true;
                });
        actor.tell(ClassReminder.COMPACT);
        actor.tell(ClassReminder.COMPACT);
        for (int failure = 0; failure < 3; failure++) {
            retention.nextTrim();
        }
        processAll();

        time.timePasses(JournalCompaction.PAUSE);

        retention.nextTrim();
        processAll();
        assertThat(retention.waitingTrims()).isZero();
    }

    /** Returns when the class is sealed and has tried to write its snapshot. */
    private void seal() {
        TestProbe<ClassInfo> sealed = testKit.createTestProbe();
        actor.tell(new ClassCommand.Seal(sealed.ref()));
        sealed.receiveMessage(TIMEOUT);
        awaitReply();
    }

    /** Returns when the actor has processed its messages, and those that it has sent to itself meanwhile. */
    private void processAll() {
        awaitReply();
        awaitReply();
    }
}
