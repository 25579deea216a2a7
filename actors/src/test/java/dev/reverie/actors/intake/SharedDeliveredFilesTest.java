package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.deduplication.DeliveredFile;
import dev.reverie.actors.deduplication.DeliveredFilesActor;
import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.IngestSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.persistence.testkit.ProcessingSuccess;
import org.apache.pekko.persistence.testkit.WriteEvents;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The record of delivered files, of which one node of a cluster at a time adds files,")
class SharedDeliveredFilesTest extends AbstractSharedClassesTest {

    private static final long FILE = 17;
    private static final String RECORD = DeliveredFilesActor.PERSISTENCE_ID.id();

    private final PersistenceTestKit journal = PersistenceTestKit.create(testKit.system());

    private long[] files() {
        TestProbe<IntakeActor.DeliveredKeys> files = testKit.createTestProbe();
        intake.tell(new IntakeActor.GetDeliveredFiles(files.ref()));
        return files.receiveMessage().keys().toArray();
    }

    private TestProbe<DeliveryOutcome> deliverFile() {
        return deliver(new Delivery(
                IngestSource.FILE, RunningIntake.samples("cat", 1, 1), List.of(new DeliveredFile(FILE, 1))));
    }

    @Test
    @DisplayName("is read when the node asks for its files, with those that other nodes have added meanwhile")
    void readLate() {
        journal.persistForRecovery(RECORD, List.of(new DeliveredFilesActor.FilesAdded(FileKeys.of(new long[] {FILE}))));

        assertThat(files()).containsExactly(FILE);

        deliverFile().expectMessage(new DeliveryOutcome.Accepted(0, 1));
    }

    @Test
    @DisplayName("takes no files before the node has asked for those of the others")
    void unread() {
        deliverFile().expectMessage(DeliveryOutcome.Deferred.of(StoreFailure.UNAVAILABLE));
    }

    @Test
    @DisplayName("gets a file when its samples are durable, and not before, since it would not be delivered again")
    void afterTheSamples() {
        files();
        TestProbe<DeliveryOutcome> outcome = deliverFile();

        ClassCommand.AddSamples samples = received(CAT, ClassCommand.AddSamples.class);

        assertThat(files()).isEmpty();

        judge(CAT, samples, SampleVerdict.STORED);

        outcome.expectMessage(new DeliveryOutcome.Accepted(1, 0));
        assertThat(files()).containsExactly(FILE);
        assertThat(journal.expectNextPersistedClass(RECORD, DeliveredFilesActor.FilesAdded.class)
                        .keys()
                        .toArray())
                .containsExactly(FILE);
    }

    @Test
    @DisplayName("gets a file whose class has moved when it is delivered again, as a duplicate")
    void deliveredAgain() {
        files();
        TestProbe<DeliveryOutcome> moved = deliverFile();
        received(CAT, ClassCommand.AddSamples.class);
        directory.recover(CAT, 2);
        moved.expectMessage(UNREACHABLE);
        assertThat(files()).isEmpty();

        TestProbe<DeliveryOutcome> again = deliverFile();
        judge(CAT, SampleVerdict.DUPLICATE);

        again.expectMessage(new DeliveryOutcome.Accepted(0, 1));
        assertThat(files()).containsExactly(FILE);
    }

    @Test
    @DisplayName("writes a file after the deadline of its delivery, too, so that it is not delivered again meanwhile")
    void writesLate() {
        files();
        CompletableFuture<Boolean> writing = new CompletableFuture<>();
        CompletableFuture<Boolean> goesOn = new CompletableFuture<>();
        journal.withPolicy((id, operation) -> {
            if (id.equals(RECORD) && operation instanceof WriteEvents) {
                writing.complete(true);
                goesOn.join();
            }
            return ProcessingSuccess.getInstance();
        });
        TestProbe<DeliveryOutcome> outcome = deliverFile();
        time.timePasses(Duration.ofSeconds(PendingDeliveries.TICKS_TO_ANSWER - 1));
        judge(CAT, SampleVerdict.STORED);
        writing.join();

        time.timePasses(Duration.ofSeconds(1));
        deliverFile().expectMessage(DeliveryOutcome.Deferred.REPEATED);
        goesOn.complete(true);

        outcome.expectMessage(new DeliveryOutcome.Accepted(1, 0));
        deliverFile().expectMessage(new DeliveryOutcome.Accepted(0, 1));
    }
}
