package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.IntakeTest.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The intake, on a store in which a class is damaged")
class DamagedStoreTest {

    @Test
    @DisplayName("says which class can't be read, goes on with the others, and can forget it")
    void namesTheDamagedClass(@TempDir Path folder) throws SQLException {
        // given
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {
            intake.admit(samples("cat", 10, 1));
            intake.admit(samples("dog", 10, 1));
        }
        damage(folder, "class|0");

        // when
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {

            // then
            assertThat(intake.look().store()).isEqualTo(new ClassNews.StoreRead(2, 10, 10, List.of("cat")));
            assertThat(intake.admit(samples("dog", 5, 2))).isEqualTo(new Admission.Accepted(5, 0));
            assertThat(intake.admit(samples("cat", 5, 2)))
                    .isInstanceOfSatisfying(Admission.Deferred.class, deferred -> assertThat(deferred.detail())
                            .isEqualTo("the class 'cat' can't be read from the store: "
                                    + "restore a backup, or forget the class"));

            // when
            Intake.Forgotten forgotten = intake.ask(replyTo -> new Intake.Forget("cat", replyTo));

            // then
            assertThat(forgotten.existed()).isTrue();
            assertThat(intake.admit(samples("cat", 5, 2))).isEqualTo(new Admission.Accepted(5, 0));
        }
    }

    /** Cuts the last event of a class short, as the database itself would not notice. */
    private static void damage(Path folder, String persistenceId) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                "jdbc:h2:file:" + folder.resolve("reverie") + ";DATABASE_TO_UPPER=FALSE", "sa", "")) {
            int rows = connection
                    .createStatement()
                    .executeUpdate("UPDATE \"event_journal\" SET \"event_payload\" = X'00112233'"
                            + " WHERE \"persistence_id\" = '" + persistenceId + "'");
            assertThat(rows).isPositive();
        }
    }
}
