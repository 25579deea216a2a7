package dev.reverie.deploy.cli;

import static dev.reverie.deploy.cli.CapturedTerminal.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.reverie.actors.backup.BackupStream;
import dev.reverie.actors.registry.RegistryRows;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreLoader;
import dev.reverie.actors.store.StoreSnapshot;
import dev.reverie.actors.store.StoredRow;
import dev.reverie.deploy.backup.BackupFile;
import dev.reverie.deploy.backup.StorePlace;
import dev.reverie.deploy.client.TestService;
import dev.reverie.deploy.progress.RecordedView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The commands for backups")
@Timeout(120)
class BackupCommandsTest {

    private static final String CONTENT = "2 classes as of \\S+Z \\(13 events, 2 snapshots, 0.1 MB\\)";

    private final CapturedTerminal terminal = new CapturedTerminal();
    private Path folder;
    private Path store;
    private Path file;

    @BeforeEach
    void makeStore(@TempDir Path temporary) {
        folder = temporary;
        store = folder.resolve("store");
        file = folder.resolve("my.backup");
        SplittableRandom random = new SplittableRandom(3);
        try (Store filled = Store.inFolder(store);
                StoreLoader loader = filled.load()) {
            for (int index = 0; index < 2; index++) {
                String owner = "class|" + index;
                loader.add(new StoredRow.Snapshot(owner, 1, 5, 52_837, "class-state:1", payload(random)));
                for (int number = 2; number < 8; number++) {
                    loader.add(new StoredRow.Event(
                            owner, number, false, "w", 5, "", 52_837, "samples-admitted:1", payload(random)));
                }
            }
            loader.add(RegistryRows.registering("cat", "dog"));
            loader.commit();
        }
    }

    private static ByteString payload(SplittableRandom random) {
        byte[] payload = new byte[5_000];
        random.nextBytes(payload);
        return ByteString.fromArray(payload);
    }

    private void export() {
        succeeds("store export --store ? --to ?", store, file);
    }

    /** Runs a command with these paths in place of its question marks. */
    private void succeeds(String command, Object... paths) {
        terminal.succeeds(arguments(command, paths));
    }

    private void refuses(String reason, String command, Object... paths) {
        terminal.refuses(reason, arguments(command, paths));
    }

    /** Runs a command that finds its input right, but fails. */
    private void fails(String reason, String command, Object... paths) {
        assertThat(terminal.run(arguments(command, paths))).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains(reason);
    }

    private static String[] arguments(String command, Object... paths) {
        Iterator<Object> next = List.of(paths).iterator();
        return Stream.of(words(command))
                .map(word -> word.equals("?") ? next.next().toString() : word)
                .toArray(String[]::new);
    }

    @Test
    @DisplayName("export a store and restore it into a new folder, with all its rows")
    void exportAndRestore() throws IOException {
        export();
        Path restored = folder.resolve("restored");
        Path again = folder.resolve("again.backup");
        succeeds("restore --from ? --to ?", file, restored);
        succeeds("store export --store ? --to ?", restored, again);

        assertThat(terminal.out()).containsPattern("my.backup: " + CONTENT).containsPattern("Restored " + CONTENT);
        assertThat(afterTime(again)).isEqualTo(afterTime(file));
    }

    /** The content of a backup without its header, which contains the time. */
    private static byte[] afterTime(Path backup) throws IOException {
        byte[] bytes = Files.readAllBytes(backup);
        return Arrays.copyOfRange(bytes, 60, bytes.length);
    }

    @Test
    @DisplayName("take a backup of a running service, and replace a file only if told to")
    void backup() throws IOException {
        export();
        byte[] content = Files.readAllBytes(file);
        Path target = folder.resolve("online.backup");
        try (TestService service = TestService.start()) {
            service.backupWith(content);
            succeeds("backup --from ? --to ?", service.address(), target);
            assertThat(target).hasBinaryContent(content);
            refuses(
                    "already exists: name another file, or add --overwrite",
                    "backup --from ? --to ?",
                    service.address(),
                    target);

            service.backupWith(Arrays.copyOf(content, content.length - 1));
            fails("has lost its end", "backup --from ? --to ? --overwrite", service.address(), target);
            assertThat(target).hasBinaryContent(content);
        }
        try (TestService busy = TestService.start()) {
            fails(
                    "the service is busy: another backup is running",
                    "backup --from ? --to ? --overwrite",
                    busy.address(),
                    target);
        }
    }

    @Test
    @DisplayName("write files that only their owner can read")
    void writesPrivately() throws IOException {
        export();
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    @DisplayName("shrink the file of a store, which keeps its rows")
    void compact() throws IOException {
        export();
        try (Store grown = Store.inFolder(store)) {
            grown.erase("class|0").toCompletableFuture().join();
        }

        succeeds("store compact --store ?", store);

        assertThat(terminal.out()).containsPattern("store: \\d+\\.\\d MB before, 0\\.\\d MB now");
        assertThat(Files.size(store.resolve("reverie.db"))).isLessThan(100_000);
        succeeds("store export --store ? --to ? --overwrite", store, file);
        assertThat(terminal.out()).contains("1 class as of");
    }

    @Test
    @DisplayName("refuse a folder in place of a file, before they read anything")
    void refusesFolder() throws IOException {
        String target = Files.createDirectory(folder.resolve("backups")).toString();

        refuses("it is a folder; name a file in it", "backup --from http://127.0.0.1:9 --to ? --overwrite", target);
        refuses("it is a folder; name a file in it", "store export --store ? --to ? --overwrite", store, target);
    }

    @Test
    @DisplayName("refuse a device in place of a file, which they would replace")
    void refusesDevice() {
        assumeThat(Path.of("/dev/null")).exists();

        refuses(
                "cannot write /dev/null: it is a device or a pipe; name a file",
                "store export --store ? --to /dev/null --overwrite",
                store);
    }

    @Test
    @DisplayName("refuse to restore from a pipe or a device, which cannot be read twice")
    void refusesPipes() {
        assumeThat(Path.of("/dev/null")).exists();
        Path restored = folder.resolve("restored");

        refuses(
                "the backup /dev/null is a pipe or a device, which can be read only once: write the backup to"
                        + " a file first",
                "restore --from /dev/null --to ?",
                restored);
        assertThat(restored).doesNotExist();
    }

    @Test
    @DisplayName("refuse to compact a store in PostgreSQL, which has no file")
    void compactsNoServer() {
        refuses(
                "a PostgreSQL server compacts its tables itself",
                "store compact --store jdbc:postgresql://localhost:5432/reverie");
    }

    @Test
    @DisplayName("refuse a damaged backup, and stores that are in use, missing or not empty, and change nothing")
    void refusesOtherStores() throws IOException {
        export();
        byte[] before = Files.readAllBytes(store.resolve("reverie.db"));

        Path none = folder.resolve("none");
        Path created = folder.resolve("new");
        Path database = store.resolve("reverie.db");
        refuses("contains a store already: name another folder", "restore --from ? --to ?", file, store);
        refuses("contains no store", "store compact --store ?", none);
        refuses("is not a backup of Reverie", "restore --from ? --to ?", database, created);
        refuses("does not exist", "restore --from ? --to ?", none, created);
        Path truncated = Files.write(folder.resolve("truncated"), Arrays.copyOf(Files.readAllBytes(file), 9_000));
        refuses("has lost its end", "store import --from ? --store ?", truncated, created);
        assertThat(created.resolve("reverie.db")).doesNotExist();
        assertThat(none).doesNotExist();
        assertThat(database).hasBinaryContent(before);
        try (Store inUse = Store.inFolder(store)) {
            String reason = "the store " + inUse.name() + " is in use by another process";
            fails(reason, "store compact --store ?", store);
            fails(reason, "store export --store ? --to ?", store, folder.resolve("b"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql://localhost/reverie", "http://localhost:8080", "jdbc:sqlite:./store"})
    @DisplayName("refuse the URL of anything but a PostgreSQL database")
    void refusesOtherUrls(String url) {
        export();
        refuses("write jdbc:postgresql://HOST:PORT/DATABASE", "restore --from ? --to ?", file, url);
    }

    @Test
    @DisplayName("show the steps before a backup is copied, and then how much was copied and verified")
    void showSteps() throws IOException {
        export();
        RecordedView view = new RecordedView();

        new BackupFile(folder.resolve("copy.backup")).receive(Files.newInputStream(file), view);

        assertThat(terminal.err()).startsWith("Exporting   0 %  opening the store, which verifies its rows");
        assertThat(view.shown().getFirst()).isEqualTo("waiting for the service, which verifies its rows");
        assertThat(view.shown())
                .anySatisfy(status -> assertThat(status).matches("copied 0\\.[0-9] of about 0\\.[0-9] MB"))
                .anySatisfy(status -> assertThat(status).matches("verified 0\\.[0-9] of about 0\\.[0-9] MB"));
        assertThat(view.fractions()).isSorted().endsWith(1.0);
    }

    @Test
    @DisplayName("show how much of a store has been exported")
    void showExported() throws IOException {
        RecordedView view = new RecordedView();

        try (Store opened = Store.inFolder(store);
                StoreSnapshot rows = opened.snapshot();
                BackupStream backup = BackupStream.of(rows, Instant.EPOCH)) {
            new BackupFile(file).write(backup, rows.payloadBytes(), view);
        }

        assertThat(view.shown().getFirst()).matches("copied 0\\.[0-9] of about 0\\.[0-9] MB");
        assertThat(view.fractions()).isSorted().endsWith(1.0);
    }

    @Test
    @DisplayName("show how much of a backup has been restored, and then how many rows of the store have been verified")
    void showRestored() throws IOException {
        export();
        RecordedView view = new RecordedView();

        new BackupFile(file).restoreInto(new StorePlace.Folder(folder.resolve("copy")), view);

        assertThat(view.shown().getFirst()).matches("copied 0\\.[0-9] of about 0\\.[0-9] MB");
        assertThat(view.shown()).contains("verified 1 of 15 rows").endsWith("verified 15 of 15 rows");
        assertThat(view.fractions()).isSorted().endsWith(1.0);
    }
}
