package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.reverie.actors.backup.BackupStream;
import dev.reverie.actors.registry.RegistryRows;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreLoader;
import dev.reverie.actors.store.StoreView;
import dev.reverie.actors.store.StoredRow;
import dev.reverie.deploy.backup.BackupFile;
import dev.reverie.deploy.backup.StorePlace;
import dev.reverie.deploy.client.TestService;
import dev.reverie.deploy.progress.ProgressView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
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

    /** Number of random damages that are tried. */
    private static final int DAMAGES = 200;

    private static final String CONTENT = "2 classes as of \\S+Z \\(13 events, 2 snapshots, 0.1 MB\\)";

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
                StoreLoader loader = filled.maintenance().load()) {
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

    private final CapturedTerminal terminal = new CapturedTerminal();

    private int run(String... arguments) {
        return terminal.run(arguments);
    }

    private void export() {
        assertThat(run("store", "export", "--store", store.toString(), "--to", file.toString()))
                .as(terminal.err())
                .isEqualTo(ExitCode.DONE);
    }

    @Test
    @DisplayName("export a store and restore it into a new folder, with all its rows")
    void exportAndRestore() throws IOException {
        // when
        export();
        Path restored = folder.resolve("restored");
        assertThat(run("restore", "--from", file.toString(), "--to", restored.toString()))
                .as(terminal.err())
                .isEqualTo(ExitCode.DONE);
        Path again = folder.resolve("again.backup");
        assertThat(run("store", "export", "--store", restored.toString(), "--to", again.toString()))
                .isEqualTo(ExitCode.DONE);

        // then
        assertThat(terminal.out()).containsPattern("my.backup: " + CONTENT).containsPattern("Restored " + CONTENT);
        assertThat(afterTime(again)).isEqualTo(afterTime(file));
    }

    @Test
    @DisplayName("show how much of a backup has been read while it is restored")
    void showRead() throws IOException {
        export();
        RecordedView view = new RecordedView();

        new BackupFile(file).restoreInto(new StorePlace.Folder(folder.resolve("copy")), view);

        assertThat(view.shown).isNotEmpty().allSatisfy(status -> assertThat(status)
                .matches("0\\.[0-9] of about 0\\.[0-9] MB"));
    }

    @Test
    @DisplayName("show the steps before a backup is copied, and then how much was copied and verified")
    void showSteps() throws IOException {
        // given
        export();
        RecordedView view = new RecordedView();

        // when
        new BackupFile(folder.resolve("copy.backup")).receive(Files.newInputStream(file), view);

        // then
        assertThat(terminal.err()).startsWith("Exporting   0 %  opening the store, which verifies its rows");
        assertThat(view.shown.getFirst()).isEqualTo("waiting for the service, which verifies its rows");
        assertThat(view.shown)
                .anySatisfy(status -> assertThat(status).matches("copied 0\\.[0-9] of about 0\\.[0-9] MB"))
                .anySatisfy(status -> assertThat(status).matches("verified 0\\.[0-9] of about 0\\.[0-9] MB"));
        assertThat(view.fractions).isSorted().endsWith(1.0);
    }

    @Test
    @DisplayName("show how much of a store has been exported")
    void showExported() throws IOException {
        RecordedView view = new RecordedView();

        try (Store opened = Store.inFolder(store);
                StoreView rows = opened.maintenance().view();
                BackupStream backup = BackupStream.of(rows, Instant.EPOCH)) {
            new BackupFile(file).write(backup, rows.payloadBytes(), view);
        }

        assertThat(view.shown.getFirst()).matches("copied 0\\.[0-9] of about 0\\.[0-9] MB");
        assertThat(view.fractions).isSorted().endsWith(1.0);
    }

    private static final class RecordedView implements ProgressView {

        private final List<String> shown = new ArrayList<>();
        private final List<Double> fractions = new ArrayList<>();

        @Override
        public void show(double fraction, String status) {
            shown.add(status);
            fractions.add(fraction);
        }

        @Override
        public void note(String line) {}

        @Override
        public void close() {}
    }

    /** The content of a backup without its header, which contains the time. */
    private static byte[] afterTime(Path backup) throws IOException {
        byte[] bytes = Files.readAllBytes(backup);
        return Arrays.copyOfRange(bytes, 60, bytes.length);
    }

    @Test
    @DisplayName("do not compact a store in PostgreSQL, which has no file")
    void compactsNoServer() {
        assertThat(run("store", "compact", "--store", "jdbc:postgresql://localhost:5432/reverie"))
                .isEqualTo(ExitCode.WRONG_INPUT);

        assertThat(terminal.err()).contains("a PostgreSQL server compacts its tables itself");
    }

    @Test
    @DisplayName("take a backup of a running service, and replace a file only if told to")
    void backup() throws IOException {
        export();
        byte[] content = Files.readAllBytes(file);
        Path target = folder.resolve("online.backup");
        try (TestService service = TestService.start()) {
            service.backupWith(content);
            String from = service.address().toString();

            assertThat(run("backup", "--from", from, "--to", target.toString()))
                    .as(terminal.err())
                    .isEqualTo(ExitCode.DONE);
            assertThat(target).hasBinaryContent(content);
            assertThat(run("backup", "--from", from, "--to", target.toString())).isEqualTo(ExitCode.WRONG_INPUT);
            assertThat(terminal.err()).contains("already exists: name another file, or add --overwrite");

            service.backupWith(Arrays.copyOf(content, content.length - 1));
            assertThat(run("backup", "--from", from, "--to", target.toString(), "--overwrite"))
                    .isEqualTo(ExitCode.FAILED);
            assertThat(terminal.err()).contains("has lost its end");
            assertThat(target).hasBinaryContent(content);
        }
        try (TestService busy = TestService.start()) {
            assertThat(run("backup", "--from", busy.address().toString(), "--to", target.toString(), "--overwrite"))
                    .isEqualTo(ExitCode.FAILED);
            assertThat(terminal.err()).contains("the service is busy: another backup is running");
        }
    }

    @Test
    @DisplayName("refuse a folder in place of a file before they read anything")
    void refusesFolder() throws IOException {
        String target = Files.createDirectory(folder.resolve("backups")).toString();

        assertThat(run("backup", "--from", "http://127.0.0.1:9", "--to", target, "--overwrite"))
                .isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).contains("it is a folder; name a file in it");
        assertThat(run("store", "export", "--store", store.toString(), "--to", target, "--overwrite"))
                .isEqualTo(ExitCode.WRONG_INPUT);
    }

    @Test
    @DisplayName("refuse a device in place of a file, which they would replace")
    void refusesDevice() {
        assumeThat(Path.of("/dev/null")).exists();

        assertThat(run("store", "export", "--store", store.toString(), "--to", "/dev/null", "--overwrite"))
                .isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).contains("cannot write /dev/null: it is a device or a pipe; name a file");
    }

    @Test
    @DisplayName("refuse to restore from a pipe or a device, which cannot be read twice")
    void refusesPipes() {
        assumeThat(Path.of("/dev/null")).exists();
        Path restored = folder.resolve("restored");

        assertThat(run("restore", "--from", "/dev/null", "--to", restored.toString()))
                .isEqualTo(ExitCode.WRONG_INPUT);

        assertThat(terminal.err())
                .contains("the backup /dev/null is a pipe or a device, which can be read only once: write the backup to"
                        + " a file first");
        assertThat(restored).doesNotExist();
    }

    @Test
    @DisplayName("refuse a backup after each of 200 random damages, and change nothing")
    void refusesDamages() throws IOException {
        export();
        byte[] content = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(9);
        Path restored = folder.resolve("restored");
        for (int damage = 0; damage < DAMAGES; damage++) {
            byte[] damaged = damage % 4 == 0
                    ? Arrays.copyOf(content, random.nextInt(content.length))
                    : overwritten(content, random);
            Files.write(file, damaged);

            assertThat(run("store", "import", "--from", file.toString(), "--store", restored.toString()))
                    .as("damage %d", damage)
                    .isEqualTo(ExitCode.WRONG_INPUT);
            assertThat(restored).doesNotExist();
        }
    }

    private static byte[] overwritten(byte[] content, SplittableRandom random) {
        byte[] damaged = content.clone();
        int from = random.nextInt(content.length);
        int to = Math.min(content.length, from + 1 + random.nextInt(300));
        while (Arrays.equals(damaged, content)) {
            byte[] noise = new byte[to - from];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, damaged, from, noise.length);
        }
        return damaged;
    }

    @Test
    @DisplayName("refuse stores that are in use, missing or not empty, and change nothing")
    void refusesOtherStores() throws IOException {
        export();
        byte[] before = Files.readAllBytes(store.resolve("reverie.mv.db"));

        assertRefused(
                "contains a store already: name another folder",
                "restore",
                "--from",
                file.toString(),
                "--to",
                store.toString());
        assertRefused(
                "contains no store",
                "store",
                "compact",
                "--store",
                folder.resolve("none").toString());
        assertThat(folder.resolve("none")).doesNotExist();
        assertRefused(
                "is not a backup of Reverie",
                "restore",
                "--from",
                store.resolve("reverie.mv.db").toString(),
                "--to",
                folder.resolve("new").toString());
        assertRefused(
                "does not exist",
                "restore",
                "--from",
                folder.resolve("none").toString(),
                "--to",
                folder.resolve("new").toString());
        assertThat(store.resolve("reverie.mv.db")).hasBinaryContent(before);

        try (Store inUse = Store.inFolder(store)) {
            for (String command : new String[] {"compact", "export"}) {
                String[] to = command.equals("export")
                        ? new String[] {"--to", folder.resolve("b").toString()}
                        : new String[0];
                String[] arguments = concat(new String[] {"store", command, "--store", store.toString()}, to);
                assertRefused("the store " + inUse.name() + " is in use by another process", arguments);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql://localhost/reverie", "http://localhost:8080", "jdbc:h2:./store"})
    @DisplayName("refuse the URL of anything but a PostgreSQL database")
    void refusesOtherUrls(String url) {
        export();
        assertRefused("write jdbc:postgresql://HOST:PORT/DATABASE", "restore", "--from", file.toString(), "--to", url);
    }

    @Test
    @DisplayName("write files that only their owner can read")
    void writesPrivately() throws IOException {
        export();
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    private static String[] concat(String[] first, String[] second) {
        String[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private void assertRefused(String reason, String... arguments) {
        assertThat(run(arguments)).isNotEqualTo(ExitCode.DONE);
        assertThat(terminal.err()).contains(reason);
    }

    @Test
    @DisplayName("shrink the file of a store, which keeps its rows")
    void compact() throws IOException {
        // given
        export();
        try (Store grown = Store.inFolder(store)) {
            grown.erase("class|0").toCompletableFuture().join();
        }

        // when
        assertThat(run("store", "compact", "--store", store.toString()))
                .as(terminal.err())
                .isEqualTo(ExitCode.DONE);

        // then
        assertThat(terminal.out()).containsPattern("store: \\d+\\.\\d MB before, 0\\.\\d MB now");
        assertThat(Files.size(store.resolve("reverie.mv.db"))).isLessThan(100_000);
        assertThat(run("store", "export", "--store", store.toString(), "--to", file.toString(), "--overwrite"))
                .isEqualTo(ExitCode.DONE);
        assertThat(terminal.out()).contains("1 class as of");
    }
}
