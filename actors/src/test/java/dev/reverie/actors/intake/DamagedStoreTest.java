package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.store.StoreFile;
import dev.reverie.actors.telemetry.ClassPhase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("With damage in its store, the intake")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DamagedStoreTest {
    private static final List<String> NAMES = List.of("cat", "dog", "emu");
    private Path folder;

    @BeforeEach
    void fillTheStore(@TempDir Path temporary) {
        folder = temporary;
        try (RunningIntake intake = open()) {
            for (int seed = 0; seed < 4; seed++) {
                for (String name : NAMES) {
                    intake.deliver(samples(name, 3, seed));
                }
            }
        }
    }

    @Test
    @DisplayName("names the class that cannot be read, works with the others, and can forget it for good")
    void namesTheDamagedClass(@TempDir Path folder) throws SQLException {
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {
            intake.deliver(samples("cat", 10, 1));
            intake.deliver(samples("dog", 10, 1));
        }
        damage(folder, "class|0");

        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {

            assertThat(intake.overview().store())
                    .isEqualTo(new ClassNotification.StoreLoaded(2, 10, 10, List.of("cat")));
            assertThat(intake.deliver(samples("dog", 5, 2))).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
            assertThat(intake.deliver(samples("cat", 5, 2)))
                    .isInstanceOfSatisfying(DeliveryOutcome.Deferred.class, deferred -> assertThat(deferred.detail())
                            .isEqualTo("the class 'cat' is damaged in the store: "
                                    + "restore the store from a backup, or forget the class"));

            IntakeActor.Sealed sealed = intake.ask(replyTo -> new IntakeActor.Seal("cat", SealChange.NOW, replyTo));

            assertThat(sealed.info())
                    .hasValueSatisfying(each -> assertThat(each.phase()).isNotEqualTo(ClassPhase.SEALED));

            IntakeActor.Forgotten forgotten = intake.ask(replyTo -> new IntakeActor.Forget("cat", replyTo));

            assertThat(forgotten.existed()).isTrue();
            assertThat(intake.deliver(samples("cat", 5, 2))).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
        }
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {
            assertThat(intake.overview().store().failing()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "true, true"})
    @DisplayName("takes a class whose rows are all missing for damaged, also if an earlier version stored its samples")
    void noticesMissingRows(boolean snapshot, boolean writtenByEarlierVersion, @TempDir Path folder)
            throws SQLException {
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {
            intake.deliver(samples("cat", 10, 1));
            if (snapshot) {
                intake.<IntakeActor.Sealed>ask(replyTo -> new IntakeActor.Seal("cat", SealChange.NOW, replyTo));
            }
        }
        if (writtenByEarlierVersion) {
            change(folder, "DELETE FROM event_journal WHERE event_ser_manifest LIKE 'classes-populated%'");
            RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT).close();
        }
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {
            intake.deliver(samples("dog", 10, 1));
        }
        erase(folder, "class|0");

        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {

            assertThat(intake.overview().store())
                    .isEqualTo(new ClassNotification.StoreLoaded(2, 10, 10, List.of("cat")));
            assertThat(intake.overview().infos())
                    .extracting(ClassInfo::label, ClassInfo::damaged)
                    .containsExactly(tuple("cat", true), tuple("dog", false));
            assertThat(intake.deliver(samples("cat", 5, 2)))
                    .isEqualTo(DeliveryOutcome.Deferred.of(StoreFailure.DAMAGED, "cat"));

            IntakeActor.Forgotten forgotten = intake.ask(replyTo -> new IntakeActor.Forget("cat", replyTo));

            assertThat(forgotten.existed()).isTrue();
            assertThat(intake.deliver(samples("cat", 5, 2))).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
        }
    }

    @Test
    @DisplayName("deletes the rows of a forgotten class that a late write has added")
    void deletesLateRows(@TempDir Path folder) throws SQLException {
        long before;
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {
            intake.deliver(samples("cat", 10, 1));
            intake.deliver(samples("dog", 10, 1));
            intake.<IntakeActor.Forgotten>ask(replyTo -> new IntakeActor.Forget("cat", replyTo));
            before = intake.store().size().toCompletableFuture().join();
        }
        change(
                folder,
                "INSERT INTO event_journal SELECT 'class|0', sequence_number, deleted, writer, write_timestamp,"
                        + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload, row_checksum('class|0',"
                        + " sequence_number, deleted, writer, event_ser_id, event_ser_manifest, event_payload)"
                        + " FROM event_journal WHERE persistence_id = 'class|1'");

        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {
            while (intake.store().size().toCompletableFuture().join() != before) {
                LockSupport.parkNanos(10_000_000); // the rows are deleted while the intake reads its store
            }
            assertThat(intake.overview().infos()).extracting(ClassInfo::label).containsExactly("dog");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"> 0", "> 2"})
    @DisplayName("serves no class if the list of classes lacks one that has rows, and registers none with its index")
    void noticesLostRegistrations(String lost, @TempDir Path folder) throws SQLException {
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {
            intake.deliver(samples("cat", 10, 1));
            intake.deliver(samples("dog", 10, 1));
        }
        change(folder, "DELETE FROM event_journal WHERE persistence_id = 'registry' AND sequence_number " + lost);

        try (RunningIntake intake =
                RunningIntake.started(Store.inFolder(folder), IntakeLimits.DEFAULT, ConfigFactory.empty())) {
            assertThat(awaitRegistryFailure(intake)).isEqualTo(StoreFailure.DAMAGED);
            assertThat(intake.overview().loading()).isTrue();
            assertThat(intake.deliver(samples("emu", 5, 2)))
                    .isEqualTo(DeliveryOutcome.Deferred.of(StoreFailure.DAMAGED));
        }
    }

    @Test
    @DisplayName("serves every class whole or names it, whichever key is damaged")
    void losesNothingSilently() throws IOException {
        byte[] whole = StoreFile.in(folder).bytes();
        int keys = StoreFile.in(folder).count("class|1");
        assertThat(keys).isGreaterThan(8);
        for (int key = 0; key < keys; key++) {
            StoreFile.in(folder).write(whole);
            StoreFile.in(folder).replace("class|1", key, "class|3");
            try (RunningIntake intake = open()) {
                assertEveryClassIsWholeOrNamed(intake);
            }
        }
    }

    private static StoreFailure awaitRegistryFailure(RunningIntake intake) {
        Optional<StoreFailure> failure = intake.overview().registryFailure();
        while (failure.isEmpty()) {
            LockSupport.parkNanos(10_000_000);
            failure = intake.overview().registryFailure();
        }
        return failure.get();
    }

    /** Damages the events of a class in a way that the database itself does not notice. */
    private static void damage(Path folder, String persistenceId) throws SQLException {
        change(
                folder,
                "UPDATE event_journal SET event_payload = X'00112233' WHERE persistence_id = '" + persistenceId + "'");
    }

    /** Deletes all rows of an actor, as damage to all of their keys would. */
    private static void erase(Path folder, String persistenceId) throws SQLException {
        String ofActor = " WHERE persistence_id = '" + persistenceId + "'";
        change(folder, "DELETE FROM event_journal" + ofActor, "DELETE FROM snapshot" + ofActor);
    }

    private static void change(Path folder, String... statements) throws SQLException {
        assertThat(StoreFile.in(folder).execute(statements)).isPositive();
    }

    private static void assertEveryClassIsWholeOrNamed(RunningIntake intake) {
        IntakeActor.Overview overview = intake.overview();
        assertThat(overview.infos()).extracting(ClassInfo::label).containsExactlyElementsOf(NAMES);
        assertThat(overview.infos())
                .filteredOn(info -> !overview.store().failing().contains(info.label()))
                .extracting(ClassInfo::seen)
                .containsOnly(12L);
    }

    private RunningIntake open() {
        return RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT);
    }
}
