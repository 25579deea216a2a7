package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reverie.gpu.method.FactorRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A store")
class StoreTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName("in a folder is locked for one process")
    void isLocked() {
        try (Store first = Store.inFolder(folder)) {
            assertThatThrownBy(() -> Store.inFolder(folder))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store " + first.name()
                            + " is in use by another process: stop that process, or choose another folder");
        }
        Store.inFolder(folder).close();
    }

    @Test
    @DisplayName("in a folder is probed by a write to its log")
    void isProbed() throws IOException {
        try (Store store = Store.inFolder(folder)) {
            long before = Files.size(folder.resolve("reverie.db-wal"));
            store.probe().toCompletableFuture().join();
            assertThat(folder.resolve("reverie.db-wal"))
                    .satisfies(log -> assertThat(Files.size(log)).isGreaterThan(before));
        }
    }

    @Test
    @DisplayName(
            "that is closed fails its tasks, but does not throw, because a service may still be asked for its metrics")
    void closed() {
        Store store = Store.inFolder(folder);
        store.close();

        CompletionStage<Long> size = store.size();

        assertThatThrownBy(() -> size.toCompletableFuture().join())
                .cause()
                .isInstanceOf(StoreException.class)
                .hasMessage("the store " + store.name() + " could not read its size");
    }

    @Test
    @DisplayName("deletes rows while its disk is full, because that makes room")
    void deletesOnFullDisks() throws SQLException {
        try (Store store = Store.inFolder(folder)) {
            try (Connection connection = StoreFile.in(folder).connect()) {
                appendEvents(connection);
            }
            store.onFailure(new SQLException("No space left on device"));
            assertThat(store.isReadOnly()).isTrue();

            store.trim("class|0", 10).toCompletableFuture().join();
            assertThat(store.size().toCompletableFuture().join()).isEqualTo(40 * 10_000L);
            store.erase("class|0").toCompletableFuture().join();
            assertThat(store.size().toCompletableFuture().join()).isZero();
        }
    }

    @Test
    @DisplayName("on a server fails to be probed when the server has stopped")
    void missesItsServer(@TempDir Path data) {
        try (PostgresServer server = PostgresServer.startedIn(data);
                Store store = Store.onPostgres(server.newDatabase(), PostgresServer.USER, "")) {
            store.probe().toCompletableFuture().join();

            server.close();

            assertThatThrownBy(() -> store.probe().toCompletableFuture().join())
                    .hasCauseInstanceOf(StoreException.class);
        }
    }

    @Test
    @DisplayName("on a server can be closed while the server does not respond")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void closesDespiteFrozenServers(@TempDir Path data) {
        try (PostgresServer server = PostgresServer.startedIn(data)) {
            Store store = Store.onPostgres(server.newDatabase() + "?socketTimeout=5", PostgresServer.USER, "");
            server.freeze();
            try {
                CompletionStage<Done> probe = store.probe();
                store.close();

                assertThatThrownBy(() -> probe.toCompletableFuture().join()).hasCauseInstanceOf(StoreException.class);
            } finally {
                server.thaw();
            }
        }
    }

    @Test
    @DisplayName("whose file is no database is refused and not changed")
    void refusesOtherFiles() throws IOException {
        Path file = folder.resolve("reverie.db");
        Files.writeString(file, "something else ".repeat(1000));
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> Store.inFolder(folder))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store " + folder
                        + " is damaged and cannot be opened; nothing in it was changed: restore it from a backup,"
                        + " or move it away to start a new one");
        assertThat(file).hasBinaryContent(before);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.001, 0.1, 0.5, 0.95})
    @DisplayName("whose file has lost its end is refused and not changed, rather than opened in an older state")
    void refusesLostEnds(double left) throws Exception {
        Path file = folder.resolve("reverie.db");
        try (Store _ = Store.inFolder(folder);
                Connection connection = StoreFile.in(folder).connect()) {
            appendEvents(connection);
        }
        byte[] cut = Arrays.copyOf(Files.readAllBytes(file), (int) (left * Files.size(file)));
        Files.write(file, cut);

        assertThatThrownBy(() -> Store.inFolder(folder))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is damaged and cannot be opened; nothing in it was changed");
        assertThat(file).hasBinaryContent(cut);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder(Store.FILE, "lock");
    }

    private static void appendEvents(Connection connection) throws SQLException {
        for (int number = 0; number < 50; number++) {
            byte[] payload = new byte[10_000];
            new SplittableRandom(number).nextBytes(payload);
            JournalInsert.event(connection, "class|0", number, payload);
        }
    }

    @Test
    @DisplayName("of the versions that used H2 is refused with the commands that move it, and not changed")
    void refusesH2() throws IOException {
        Path file = Files.writeString(folder.resolve("reverie.mv.db"), "H:2");

        assertThatThrownBy(() -> Store.inFolder(folder))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store " + folder + " is a file of H2, which this version does not read: run 'reverie"
                        + " store export --store " + folder + " --to moving.backup' with the version that wrote it,"
                        + " and then 'reverie store import --from moving.backup --store NEW' with this one, where NEW"
                        + " is a new folder");
        assertThat(folder.toFile().list()).containsExactly("reverie.mv.db");
        assertThat(file).hasContent("H:2");
    }

    @Test
    @DisplayName("in a folder with special characters in its name is opened again")
    void opensSpecialNames() {
        Path special = folder.resolve("a;INIT=x?mode=ro#% ü");
        try (Store store = Store.inFolder(special)) {
            store.requireFactor(2);
        }
        try (Store store = Store.inFolder(special)) {
            assertThat(store.letImagesChooseFactor(FactorRule.FEW_BYTES).fixed())
                    .hasValue(2);
        }
    }

    @Test
    @DisplayName("creates a folder that only its owner can read, and leaves the permissions of an existing one")
    void privateFolder(@TempDir Path folder) throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Path created = folder.resolve("new/store");
        Path existing = Files.createDirectory(
                folder.resolve("existing"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        Store.inFolder(created).close();
        Store.inFolder(existing).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(created)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(existing)))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    @DisplayName("in a file is refused with the reason")
    void refusesAFile() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> Store.inFolder(file))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store " + file + " cannot be opened, because it is not a folder: choose one");
    }

    @Test
    @DisplayName("in a folder that cannot be created is refused with the reason")
    void namesTheReason() throws IOException {
        Path below = Files.createFile(folder.resolve("file")).resolve("store");
        assertThatThrownBy(() -> Store.inFolder(below))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("the store " + below + " cannot be written to (")
                .hasMessageEndingWith("): check its permissions, or choose another folder");
    }
}
