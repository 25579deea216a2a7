package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("With a flipped bit in a key of its store, the intake")
class DamagedKeyTest {

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

    private static void assertEveryClassIsWholeOrNamed(RunningIntake intake) {
        IntakeActor.Overview overview = intake.overview();
        assertThat(overview.infos()).extracting(ClassInfo::label).containsExactlyElementsOf(NAMES);
        assertThat(overview.infos())
                .filteredOn(info -> !overview.store().failing().contains(info.label()))
                .extracting(ClassInfo::seen)
                .containsOnly(12L);
    }

    @Test
    @DisplayName("can forget the damaged class, and accepts its samples as new ones")
    void forgetsTheDamagedClass() throws SQLException {
        int damaged = StoreFile.in(folder)
                .execute("UPDATE event_journal SET persistence_id = 'class|7' WHERE persistence_id = 'class|1'"
                        + " AND sequence_number % 2 = 1");
        assertThat(damaged).isGreaterThan(1);
        try (RunningIntake intake = open()) {
            assertThat(intake.overview().store().failing()).containsExactly("dog");
            assertThat(intake.deliver(samples("dog", 3, 9)))
                    .isInstanceOfSatisfying(DeliveryOutcome.Deferred.class, deferred -> assertThat(deferred.detail())
                            .isEqualTo("the class 'dog' is damaged in the store: restore the store from a backup,"
                                    + " or forget the class"));

            intake.<IntakeActor.Forgotten>ask(replyTo -> new IntakeActor.Forget("dog", replyTo));

            assertThat(intake.deliver(samples("dog", 3, 9))).isEqualTo(new DeliveryOutcome.Accepted(3, 0));
        }
        try (RunningIntake intake = open()) {
            assertThat(intake.overview().store().failing()).isEmpty();
        }
    }

    private RunningIntake open() {
        return RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT);
    }
}
