package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

@DisplayName("A store that cannot be opened, but may be whole")
class StoreRefusalTest {

    private Path folder;
    private Path file;

    @BeforeEach
    void makeStore(@TempDir Path temporary) throws IOException {
        folder = temporary;
        file = folder.resolve(Store.FILE);
        Store.inFolder(folder).close();
    }

    private void assertRefused(String sentence) throws IOException {
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> Store.inFolder(folder))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store " + folder + " " + sentence);
        assertThat(file).hasBinaryContent(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(file, folder.resolve("lock"));
        }
    }

    @Test
    @DisplayName("because the disk is full, says so on both databases")
    void namesFullDisks() throws Exception {
        String sentence = " has no space left on its disk: free some space on it";
        Path small = Files.createDirectory(folder.resolve("small"));
        try (SmallDisk disk = SmallDisk.mount(small, 1)) {
            disk.fill();
            assertThatThrownBy(() -> Store.inFolder(small))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store " + small + sentence);
        }

        SQLException onServer = new SQLException("could not extend file: No space left on device", "53100");
        assertThat(StoreException.unopened("remote", onServer)).hasMessage("the store remote" + sentence);
    }

    @Test
    @DisplayName("because its server does not run, says so in one sentence")
    void namesServers() {
        SQLException refused = new SQLException("Connection refused. Check that the server runs.", "08001");

        assertThat(StoreException.unopened("remote", refused))
                .hasMessage("the store remote cannot be opened: Connection refused. Check that the server runs; check"
                        + " the permissions of its files, or that its database server runs");
    }

    @Test
    @DisplayName("because a later version of Reverie wrote it, says so, and does not add the columns of this version")
    void namesLaterFormats() throws IOException, SQLException {
        StoreFile.in(folder)
                .execute("UPDATE reverie_store SET format = 9", "ALTER TABLE reverie_store DROP COLUMN factor");

        assertRefused("has format 9, but this program reads only format 1: use the version of Reverie that wrote it");
    }

    @Test
    @DisplayName("because its file is a folder, says that it cannot be read")
    void namesFolders() throws IOException {
        Files.delete(file);
        Files.createDirectory(file);
        assertThatThrownBy(() -> Store.inFolder(folder))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store " + folder + " cannot be read: check its disk and the permissions of its files");
    }

    @Test
    @DisplayName("is told apart from one that is damaged by the kind of the failure, not by its text")
    void classifiesFailures() {
        assertCause(FailureCause.DISK_ERROR, sqlite(SQLiteErrorCode.SQLITE_IOERR_READ));
        assertCause(FailureCause.DISK_ERROR, sqlite(SQLiteErrorCode.SQLITE_CANTOPEN_ISDIR));
        assertCause(FailureCause.IN_USE, sqlite(SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT));
        assertCause(FailureCause.TOO_LITTLE_MEMORY, sqlite(SQLiteErrorCode.SQLITE_NOMEM));
        assertCause(FailureCause.DAMAGED, sqlite(SQLiteErrorCode.SQLITE_CORRUPT));
        assertCause(FailureCause.DISK_ERROR, new RuntimeException(new FileNotFoundException("gibt es nicht")));
        assertCause(FailureCause.DISK_ERROR, new IOException("Too many open files"));
        assertCause(FailureCause.UNKNOWN, new IllegalStateException("the name permission denied is damaged"));
        assertCause(
                FailureCause.SERVER_ERROR, new SQLException("canceling statement due to statement timeout", "57014"));
        assertCause(FailureCause.DAMAGED, new SQLException("invalid page in block 3", "XX001"));
        assertCause(FailureCause.SERVER_ERROR, new SQLException("could not read block 3: Input/output error", "58030"));
    }

    private static void assertCause(FailureCause cause, Throwable failure) {
        assertThat(FailureCause.of(failure)).as("%s", failure).isEqualTo(cause);
    }

    private static RuntimeException sqlite(SQLiteErrorCode code) {
        return new RuntimeException(new SQLiteException("failed", code));
    }
}
