package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.intake.RunningIntake;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.store.PostgresServer;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreFile;
import dev.reverie.actors.store.StoreLoader;
import dev.reverie.actors.store.StoredRow;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The command store export")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StoreExportCommandTest {

    private final CapturedTerminal terminal = new CapturedTerminal();
    private Path store;
    private Path backup;
    private Path imported;

    @BeforeEach
    void fill(@TempDir Path folder) {
        store = folder.resolve("store");
        backup = folder.resolve("rest.backup");
        imported = folder.resolve("imported");
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(store), IntakeLimits.DEFAULT)) {
            for (String name : List.of("cat", "dog", "emu")) {
                intake.deliver(samples(name));
            }
            intake.drain(); // until then, the registry may not say that the classes have rows
        }
    }

    private static List<Sample> samples(String name) {
        return Samples.images(10, name.hashCode()).stream()
                .map(image -> RunningIntake.sample(name, name, image))
                .limit(1)
                .toList();
    }

    @Test
    @DisplayName("leaves out classes that are damaged or have lost their rows, so that the new store knows nothing of"
            + " them")
    void skipsDamagedClasses() throws SQLException {
        change("DELETE FROM \"event_journal\" WHERE \"persistence_id\" = 'class|1' AND \"sequence_number\" = 1");
        change("DELETE FROM \"event_journal\" WHERE \"persistence_id\" = 'class|2'");

        run("store", "export", "--store", store.toString(), "--to", backup.toString(), "--skip-damaged");
        String leftOut = terminal.err();
        run("store", "import", "--from", backup.toString(), "--store", imported.toString());

        assertThat(leftOut)
                .contains("Left out 'dog' (class|1): an event is missing")
                .contains("Left out 'emu' (class|2): all of its rows are missing");
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(imported), IntakeLimits.DEFAULT)) {
            assertThat(intake.overview().store()).isEqualTo(new ClassNotification.StoreLoaded(1, 1, 1, List.of()));
            assertThat(intake.deliver(samples("dog"))).isEqualTo(new DeliveryOutcome.Accepted(1, 0));
            assertThat(intake.deliver(samples("cat"))).isEqualTo(new DeliveryOutcome.Accepted(0, 1));
            IntakeActor.Overview overview = intake.overview();
            assertThat(overview.infos()).extracting(ClassInfo::label).containsExactly("cat", "dog");
        }
        run("store", "check", "--store", imported.toString());
        assertThat(terminal.out()).contains(": 2 classes, ").contains(" all whole.");
    }

    @Test
    @DisplayName("refuses a store in which a class is damaged or has lost its rows, and names both classes")
    void refusesALostClass() throws SQLException {
        change("DELETE FROM \"event_journal\" WHERE \"persistence_id\" = 'class|1' AND \"sequence_number\" = 1");
        change("DELETE FROM \"event_journal\" WHERE \"persistence_id\" = 'class|2'");

        assertThat(terminal.run("store", "export", "--store", store.toString(), "--to", backup.toString()))
                .isEqualTo(ExitCode.WRONG_INPUT);

        assertThat(terminal.err())
                .contains(
                        "has damaged rows of 'dog' (class|1), 'emu' (class|2): restore it from a backup, or export the"
                                + " rest with --skip-damaged")
                .doesNotContain("stop the service");
        assertThat(backup).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--overwrite", "--skip-damaged"})
    @DisplayName("asks for the newer version of Reverie that wrote the list of classes, not for a backup")
    void refusesANewerRegistry(String option) {
        Path newer = store.resolveSibling("newer");
        try (Store filled = Store.inFolder(newer);
                StoreLoader loader = filled.load()) {
            loader.add(new StoredRow.Event(
                    "registry", 1, false, "w", 5, "", 52_837, "labels-registered:9", ByteString.fromString("newer")));
            loader.commit();
        }

        int code = terminal.run("store", "export", "--store", newer.toString(), "--to", backup.toString(), option);

        assertThat(code).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err())
                .contains("the list of classes in the store " + newer + " cannot be read: data format"
                        + " 'labels-registered:9' is not supported")
                .contains(": use the version of Reverie that wrote it")
                .doesNotContain("restore");
        assertThat(backup).doesNotExist();
    }

    @Test
    @DisplayName("refuses a database without a store, and creates none in it")
    void refusesADatabaseWithoutAStore(@TempDir Path data) {
        try (PostgresServer server = PostgresServer.startedIn(data)) {
            String url = server.newDatabase();
            terminal.withEnvironment(Map.of("REVERIE_STORE_POSTGRES_USER", PostgresServer.USER));

            int code = terminal.run("store", "export", "--store", url, "--to", backup.toString());

            assertThat(code).isEqualTo(ExitCode.WRONG_INPUT);
            assertThat(terminal.err())
                    .contains("the database " + url + " contains no store: name the database of a store");
            assertThat(backup).doesNotExist();
            assertThat(Store.existsOnPostgres(url, PostgresServer.USER, "")).isFalse();
        }
    }

    @Test
    @DisplayName("exports a backup that can be restored into a database, and exported from there")
    void exportsADatabase(@TempDir Path data) {
        try (PostgresServer server = PostgresServer.startedIn(data)) {
            String url = server.newDatabase();
            terminal.withEnvironment(Map.of("REVERIE_STORE_POSTGRES_USER", PostgresServer.USER));
            Path again = backup.resolveSibling("again.backup");

            run("store", "export", "--store", store.toString(), "--to", backup.toString());
            run("restore", "--from", backup.toString(), "--to", url);
            run("store", "export", "--store", url, "--to", again.toString());

            assertThat(terminal.out()).contains(again + ": 3 classes as of");
        }
    }

    private void run(String... arguments) {
        terminal.succeeds(arguments);
    }

    private void change(String statement) throws SQLException {
        assertThat(StoreFile.in(store).execute(statement)).isPositive();
    }
}
