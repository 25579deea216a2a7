package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A store that cannot be opened, but may be whole")
class StoreRefusalTest {

    private static final int BLOCK = 4096;

    private Path folder;
    private Path file;
    private byte[] before = new byte[0];

    @BeforeEach
    void makeStore(@TempDir Path temporary) throws IOException {
        folder = temporary;
        file = folder.resolve("reverie.mv.db");
        Store.inFolder(folder).close();
        Files.delete(folder.resolve("lock"));
        before = Files.readAllBytes(file);
        FaultyDisk.reset();
    }

    private void assertRefused(String sentence) throws IOException {
        assertThatThrownBy(() -> Store.inFolder(folder, FaultyDisk.PREFIX))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store " + folder + " " + sentence);
        assertThat(file).hasBinaryContent(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    @DisplayName("because the disk cannot be read, says so in any language of the system")
    void namesDiskErrors() throws IOException {
        for (String message : List.of("Input/output error", "Eingabe-/Ausgabefehler", "Too many open files")) {
            FaultyDisk.beforeReads(() -> {
                throw new IOException(message);
            });
            assertRefused("cannot be read: check its disk and the permissions of its files");
        }
        FaultyDisk.repair();
        Store.inFolder(folder, FaultyDisk.PREFIX).close();
    }

    @Test
    @DisplayName("because the disk is full, says so on both databases")
    void namesFullDisks() {
        String sentence = " has no space left on its disk: free some space on it";
        Path created = folder.resolve("new");
        FaultyDisk.failWrites("No space left on device");
        assertThatThrownBy(() -> Store.inFolder(created, FaultyDisk.PREFIX))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store " + created + sentence);
        FaultyDisk.repair();

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
    @DisplayName("because another program has locked the file, says so")
    void namesLocks() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            assertRefused("is in use by another process: stop that process, or choose another folder");
        }
        Store.inFolder(folder, FaultyDisk.PREFIX).close();
    }

    @Test
    @DisplayName("because another version of the database wrote the file, says so")
    void namesOtherVersions() throws IOException {
        for (int header = 0; header < 2; header++) {
            String text = new String(before, header * BLOCK, BLOCK, StandardCharsets.ISO_8859_1);
            String later = text.substring(0, text.indexOf(",fletcher:")).replace("format:3", "format:9");
            byte[] bytes = later.getBytes(StandardCharsets.ISO_8859_1);
            String checked =
                    later + ",fletcher:" + Integer.toHexString(DataUtils.getFletcher32(bytes, 0, bytes.length)) + "\n";
            ByteBuffer.wrap(before, header * BLOCK, BLOCK)
                    .put(checked.getBytes(StandardCharsets.ISO_8859_1))
                    .put(new byte[Math.max(0, text.indexOf('\n') + 1 - checked.length())]);
        }
        Files.write(file, before);

        assertRefused("has a file format of another version: use the version of Reverie that wrote it");
    }

    @Test
    @DisplayName("because a later version of Reverie wrote it, says so, and does not add the columns of this version")
    void namesLaterFormats() throws IOException, SQLException {
        StoreFile.in(folder)
                .execute("UPDATE reverie_store SET format = 9", "ALTER TABLE reverie_store DROP COLUMN factor");
        before = Files.readAllBytes(file);

        assertRefused("has format 9, but this program reads only format 1: use the version of Reverie that wrote it");
    }

    @Test
    @DisplayName("because the heap is too small, says so")
    void namesTooLittleMemory() throws IOException {
        FaultyDisk.beforeReads(() -> {
            throw new OutOfMemoryError("Java heap space");
        });
        assertRefused("needs more memory to be read: set for example REVERIE_JAVA_OPTS=-Xmx4g");
    }

    @Test
    @DisplayName("because of an unexpected failure, is not left locked")
    void releasesLock() throws IOException {
        FilePath.register(new UnresolvablePath());

        assertThatThrownBy(() -> Store.inFolder(folder, UnresolvablePath.SCHEME + ":"))
                .isInstanceOf(IllegalStateException.class);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        Store.inFolder(folder).close();
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
        assertThat(AccessFailure.in(reading(new FileNotFoundException("gibt es nicht"))))
                .contains(AccessFailure.DISK_ERROR);
        assertThat(AccessFailure.in(reading(new EOFException()))).isEmpty();
        assertThat(AccessFailure.in(new IOException("Too many open files"))).contains(AccessFailure.DISK_ERROR);
        assertThat(AccessFailure.in(new IllegalStateException("the name permission denied is damaged")))
                .isEmpty();
        assertThat(AccessFailure.in(new IOException("Block not found in id [1]")))
                .isEmpty();
        assertThat(AccessFailure.in(new SQLException("canceling statement due to statement timeout", "57014")))
                .contains(AccessFailure.SERVER_ERROR);
        assertThat(AccessFailure.in(new SQLException("invalid page in block 3", "XX001")))
                .isEmpty();
        assertThat(AccessFailure.in(new SQLException("could not read block 3: Input/output error", "58030")))
                .contains(AccessFailure.SERVER_ERROR);
    }

    private static RuntimeException reading(IOException cause) {
        return new RuntimeException(
                new MVStoreException(DataUtils.ERROR_READING_FAILED, "Reading failed").initCause(cause));
    }

    /** A file system for H2 that does not know the real path of its files. */
    public static final class UnresolvablePath extends FilePathWrapper {

        private static final String SCHEME = "unresolvable";

        /** Called by H2. */
        public UnresolvablePath() {}

        @Override
        public String getScheme() {
            return SCHEME;
        }

        @Override
        public FilePath toRealPath() {
            throw new IllegalStateException("the path cannot be resolved");
        }
    }
}
