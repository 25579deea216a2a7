package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.intake.RunningIntake;
import dev.reverie.actors.registry.RegistryRows;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreFile;
import dev.reverie.actors.store.StoreLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The command store check")
class StoreCheckCommandTest {

    private static final String NO_DATA_LOST = "Only an index is damaged, and no data is lost";

    private final CapturedTerminal terminal = new CapturedTerminal();
    private Path folder;
    private String store;

    @BeforeEach
    void fill(@TempDir Path temporary) throws IOException {
        folder = temporary.resolve("store");
        store = folder.toString();
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {
            for (String name : List.of("cat", "dog", "emu")) {
                intake.deliver(Samples.images(10, name.hashCode()).stream()
                        .map(image -> RunningIntake.sample(name, name, image))
                        .limit(1)
                        .toList());
            }
            intake.drain(); // until then, the registry may not say that the classes have rows
        }
    }

    private int check() {
        return terminal.run("store", "check", "--store", store);
    }

    @Test
    @DisplayName("says that a store is whole, shows no progress of a short check, and changes nothing")
    void whole() throws IOException {
        byte[] before = StoreFile.in(folder).bytes();

        assertThat(check()).as(terminal.err()).isEqualTo(ExitCode.DONE);

        assertThat(terminal.out()).containsPattern(": 3 classes, \\d+ rows, all whole\\.\\R");
        assertThat(terminal.err()).isEmpty();
        assertThat(StoreFile.in(folder).bytes()).isEqualTo(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsOnly(folder.resolve("lock"), folder.resolve("reverie.db"));
        }
    }

    @Test
    @DisplayName("refuses an empty place, which a variable that is not set leaves")
    void emptyPlace() {
        terminal.refuses("the place of the store is empty: name a folder or a URL", "store", "check", "--store", "");
    }

    @Test
    @DisplayName("names the damaged class, and how the rest can be kept")
    void damagedClass() throws IOException {
        StoreFile.in(folder).replaceAll("class|1", "class|7");

        assertThat(check()).isEqualTo(ExitCode.WRONG_INPUT);

        assertThat(terminal.out())
                .contains(store + ": damaged.")
                .contains("  class|7: the checksum does not match in ")
                .endsWith("Restore the store from a backup, or keep the rest: reverie store export --store " + store
                        + " --to FILE --skip-damaged" + System.lineSeparator());
    }

    @Test
    @DisplayName("says that nothing else can be kept if the list of classes is damaged")
    void damagedRegistry() throws IOException {
        StoreFile.in(folder).replaceAll("labels-registered:1", "labels-rEgistered:1");

        assertThat(check()).isEqualTo(ExitCode.WRONG_INPUT);

        assertThat(terminal.out())
                .contains("  the list of classes: the checksum does not match in ")
                .contains("Restore the store from a backup: without the list of classes, nothing else can be kept.");
    }

    @Test
    @DisplayName("says that the list of classes is damaged if it lacks a class that has rows")
    void lostRegistrations() throws SQLException {
        delete("registry");

        assertThat(check()).isEqualTo(ExitCode.WRONG_INPUT);

        assertThat(terminal.out()).contains("  the list of classes: it lacks class|0, which has rows");
    }

    @Test
    @DisplayName("takes a class whose rows are all missing for damaged")
    void missingRows() throws SQLException {
        delete("class|1");

        assertThat(check()).isEqualTo(ExitCode.WRONG_INPUT);

        assertThat(terminal.out())
                .contains("  'dog' (class|1): all of its rows are missing")
                .contains("or keep the rest: reverie store export");
    }

    @Test
    @DisplayName("names a class without rows that never had samples, which is no damage")
    void neverHadSamples() throws SQLException {
        delete("class|2");
        delete("registry' AND \"sequence_number\" = (SELECT max(\"sequence_number\") FROM \"event_journal\" WHERE"
                + " \"persistence_id\" = 'registry') AND \"event_ser_manifest\" = 'classes-populated:1");

        assertThat(check()).as(terminal.out()).isEqualTo(ExitCode.DONE);

        assertThat(terminal.out()).contains("  'emu' (class|2) has no rows: it never had samples");
    }

    private void delete(String actor) throws SQLException {
        StoreFile.in(folder).execute("DELETE FROM \"event_journal\" WHERE \"persistence_id\" = '" + actor + "'");
    }

    @Test
    @DisplayName(
            "does not know whether a class without rows had samples if an earlier version of Reverie wrote the list"
                    + " of classes")
    void mayHaveLostRows(@TempDir Path folder) {
        try (Store earlier = Store.inFolder(folder.resolve("earlier"));
                StoreLoader loader = earlier.load()) {
            loader.add(RegistryRows.registering("cat"));
            loader.commit();
        }

        int code = terminal.run(
                "store", "check", "--store", folder.resolve("earlier").toString());

        assertThat(code).as(terminal.err()).isEqualTo(ExitCode.DONE);
        assertThat(terminal.out())
                .contains(
                        "  'cat' (class|0) has no rows: either it never had samples, or an earlier version lost them");
    }

    @Test
    @DisplayName("escapes control characters in the name of a class")
    void escapesNames(@TempDir Path folder) {
        Path strange = folder.resolve("strange");
        try (Store store = Store.inFolder(strange);
                StoreLoader loader = store.load()) {
            loader.add(RegistryRows.registering("cat\u001b[2J\n"));
            loader.commit();
        }

        int code = terminal.run("store", "check", "--store", strange.toString());

        assertThat(code).as(terminal.err()).isEqualTo(ExitCode.DONE);
        assertThat(terminal.out()).contains("  'cat\\u001b[2J\\u000a' (class|0) has no rows: ");
    }

    @Test
    @DisplayName("says that no data is lost if only an index is damaged, unless another class has lost its rows")
    void damagedIndex() throws IOException, SQLException {
        assertThat(checksAfterDamagedKeys()).anyMatch(out -> out.contains(NO_DATA_LOST));

        delete("class|2");

        assertThat(checksAfterDamagedKeys())
                .anyMatch(out -> out.contains("'dog' (class|1): the index"))
                .noneMatch(out -> out.contains(NO_DATA_LOST));
    }

    /** What the command prints if the name of a class is damaged, in each place of the file that contains the name. */
    private List<String> checksAfterDamagedKeys() throws IOException {
        StoreFile file = StoreFile.in(folder);
        byte[] undamaged = file.bytes();
        List<String> printed = new ArrayList<>();
        for (int key = 0; key < file.count("class|1"); key++) {
            file.replace("class|1", key, "class|7");
            CapturedTerminal output = new CapturedTerminal();
            output.run("store", "check", "--store", store);
            printed.add(output.out());
            file.write(undamaged);
        }
        return printed;
    }

    @Test
    @DisplayName("refuses a folder without a store, and a store that cannot be opened")
    void refuses() throws IOException {
        StoreFile.in(folder).write(new byte[0]);
        assertThat(check()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).contains("is damaged and cannot be opened; nothing in it was changed");

        Path none = folder.resolve("none");
        terminal.refuses("contains no store: name the folder of a store", "store", "check", "--store", none.toString());
        assertThat(none).doesNotExist();
    }
}
