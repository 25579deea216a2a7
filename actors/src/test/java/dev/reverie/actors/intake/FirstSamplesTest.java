package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.DeliveryOutcome.Accepted;
import dev.reverie.actors.intake.DeliveryOutcome.Cause;
import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.store.StoreFailure;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.persistence.testkit.JournalOperation;
import org.apache.pekko.persistence.testkit.WriteEvents;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterEach;
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
    private static final ClassRegistryEvent RECORD = new ClassRegistryEvent.ClassesPopulated(Set.of(1));

    private final IntakeOnFailingStore intake = new IntakeOnFailingStore();
    private final PersistenceTestKit journal = intake.journal();

    @BeforeEach
    void storeAnotherClass() {
        intake.deliverWithRetries(samples("cat", 5, 1));
    }

    @AfterEach
    void stop() {
        intake.close();
    }

    @Test
    @DisplayName("is acknowledged only after the list of classes records that the class has rows")
    void waitsForTheRecord() {
        // given
        journal.failNextNOpsCond(FirstSamplesTest::isRecord, Integer.MAX_VALUE);

        // when
        DeliveryOutcome failed = join(intake.deliver(samples("dog", 5, 1)));
        journal.resetPolicy();
        DeliveryOutcome later = intake.deliverWithRetries(samples("dog", 5, 1));

        // then
        assertThat(failed).isEqualTo(Deferred.of(StoreFailure.UNAVAILABLE));
        assertThat(later).isEqualTo(new Accepted(0, 5));
        assertThat(journal.persistedInStorage(REGISTRY)).contains(RECORD);
    }

    @Test
    @DisplayName("is not acknowledged before the record by a service that finds the samples when it starts")
    void waitsForTheRecordAfterRestarts() {
        // given
        journal.failNextNOpsCond((id, operation) -> isWrite(DOG, id, operation) && !intake.fillDisk(), 1);
        join(intake.deliver(samples("dog", 5, 1)));
        intake.stop();
        intake.start();
        while (intake.overview().loading()) {
            LockSupport.parkNanos(PAUSE_NS);
        }

        // when
        journal.failNextNOpsCond(FirstSamplesTest::isRecord, Integer.MAX_VALUE);
        intake.freeDisk();

        // then
        assertThat(join(intake.deliver(samples("dog", 5, 1)))).isEqualTo(Deferred.of(StoreFailure.UNAVAILABLE));
    }

    @Test
    @DisplayName("is recorded when the disk has space again after the record has failed")
    void recordsAfterFailure() {
        // given
        journal.failNextNOpsCond((id, operation) -> isRecord(id, operation) && intake.fillDisk(), 1);
        join(intake.deliver(samples("dog", 5, 1)));
        while (intake.overview().registryFailure().isPresent()) {
            LockSupport.parkNanos(PAUSE_NS);
        }

        // when
        intake.freeDisk();

        // then
        assertThat(join(intake.deliver(samples("dog", 5, 1)))).isEqualTo(new Accepted(0, 5));
    }

    @Test
    @DisplayName("is deferred if the disk becomes full before the record, which follows without a further delivery")
    void recordsAfterFullDisk() {
        // given
        journal.failNextNOpsCond((id, operation) -> isWrite(DOG, id, operation) && !intake.fillDisk(), 1);

        // when
        DeliveryOutcome outcome = join(intake.deliver(samples("dog", 5, 1)));

        // then
        assertThat(outcome).isEqualTo(Deferred.of(StoreFailure.FULL).perhapsStored());
        assertThat(intake.overview().pendingBytes()).isZero();

        // and when
        intake.freeDisk();

        // then
        while (intake.overview().classes().stream().map(ClassHandle::name).noneMatch("dog"::equals)) {
            LockSupport.parkNanos(PAUSE_NS);
        }
        assertThat(journal.persistedInStorage(REGISTRY)).contains(RECORD);
    }

    @Test
    @DisplayName("is not said to be lost if the disk is full for the next samples of the class")
    void doesNotDenyStoredSamples() {
        // given
        AtomicInteger writes = new AtomicInteger();
        CountDownLatch bothSent = new CountDownLatch(1);
        journal.failNextNOpsCond(
                (id, operation) -> isWrite(DOG, id, operation)
                        && isAwaited(bothSent)
                        && intake.fillDisk()
                        && writes.incrementAndGet() == 2,
                1,
                new IOException("No space left on device"));

        // when
        CompletionStage<DeliveryOutcome> first = intake.deliver(samples("dog", 5, 1));
        CompletionStage<DeliveryOutcome> second = intake.deliver(samples("dog", 5, 2));
        assertThat(intake.overview().pendingBytes()).isPositive(); // both were sent to the class
        bothSent.countDown();

        // then
        assertThat(join(first)).isInstanceOfSatisfying(Deferred.class, deferred -> assertThat(deferred.cause())
                .isEqualTo(Cause.UNAVAILABLE));
        assertThat(join(second)).isInstanceOf(Deferred.class);
        intake.freeDisk();
        assertThat(intake.deliverWithRetries(samples("dog", 5, 1))).isEqualTo(new Accepted(0, 5));
        assertThat(intake.deliverWithRetries(samples("dog", 5, 2))).isEqualTo(new Accepted(5, 0));
    }

    private static boolean isAwaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isRecord(String persistenceId, JournalOperation operation) {
        return isWrite(REGISTRY, persistenceId, operation)
                && ((WriteEvents) operation).getBatch().contains(RECORD);
    }

    private static boolean isWrite(String writer, String persistenceId, JournalOperation operation) {
        return persistenceId.equals(writer) && operation instanceof WriteEvents;
    }
}
