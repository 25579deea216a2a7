package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.DeliveryOutcome.Accepted;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.registry.ClassRegistryEvent;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.persistence.testkit.JournalOperation;
import org.apache.pekko.persistence.testkit.WriteEvents;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A delivery with the first samples of a class")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FirstSamplesTest {

    private static final long PAUSE_NS = 10_000_000;

    private static final String DOG = "class|1";
    private static final String REGISTRY = "registry";

    @AutoClose
    private final IntakeOnFailingStore intake = new IntakeOnFailingStore();

    private final PersistenceTestKit journal = intake.journal();

    @BeforeEach
    void storeAnotherClass() {
        intake.deliverWithRetries(samples("cat", 5, 1));
    }

    @Test
    @DisplayName("is acknowledged as soon as its samples are durable, whether or not the list of classes records that")
    void doesNotWaitForTheRecord() {
        journal.failNextNOpsCond(FirstSamplesTest::isRecord, Integer.MAX_VALUE);

        assertThat(intake.deliverWithRetries(samples("dog", 5, 1))).isEqualTo(new Accepted(5, 0));
    }

    @Test
    @DisplayName("is recorded in the list of classes when that can be written again, without a further delivery")
    void recordsAfterFailure() throws InterruptedException {
        CountDownLatch failed = new CountDownLatch(1);
        journal.failNextNOpsCond(
                (id, operation) -> {
                    boolean fails = isRecord(id, operation) && intake.fillDisk();
                    if (fails) {
                        failed.countDown();
                    }
                    return fails;
                },
                1);
        intake.deliverWithRetries(samples("dog", 5, 1));
        failed.await();

        intake.freeDisk();

        awaitRecord();
    }

    @Test
    @DisplayName("is recorded in the list of classes when the disk, which was full meanwhile, has space again")
    void recordsAfterFullDisk() {
        journal.failNextNOpsCond((id, operation) -> isWrite(DOG, id, operation) && !intake.fillDisk(), 1);
        assertThat(join(intake.deliver(samples("dog", 5, 1)))).isEqualTo(new Accepted(5, 0));
        assertThat(intake.overview().infos()).extracting(ClassInfo::label).contains("dog");

        intake.freeDisk();

        awaitRecord();
    }

    private void awaitRecord() {
        while (journal.persistedInStorage(REGISTRY).stream().noneMatch(FirstSamplesTest::recordsDog)) {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private static boolean isRecord(String persistenceId, JournalOperation operation) {
        return isWrite(REGISTRY, persistenceId, operation)
                && ((WriteEvents) operation).getBatch().stream().anyMatch(FirstSamplesTest::recordsDog);
    }

    private static boolean recordsDog(Object event) {
        return event instanceof ClassRegistryEvent.ClassesPopulated(var indices) && indices.contains(1);
    }

    private static boolean isWrite(String writer, String persistenceId, JournalOperation operation) {
        return persistenceId.equals(writer) && operation instanceof WriteEvents;
    }
}
