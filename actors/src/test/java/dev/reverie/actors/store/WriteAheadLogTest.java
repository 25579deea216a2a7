package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The log of a killed store")
class WriteAheadLogTest {

    private static final int HEADER = 32;
    private static final int FRAME = 24 + 4096;
    private static final int COMMITS = 6;

    private Path folder;
    private Path killed;
    private WriteAheadLog log;
    private byte[] whole = new byte[0];

    @BeforeEach
    void kill(@TempDir Path temporary) throws Exception {
        folder = temporary.resolve("store");
        killed = temporary.resolve("killed");
        try (Store _ = Store.inFolder(folder);
                Connection connection = StoreFile.in(folder).connect()) {
            for (int number = 1; number <= COMMITS; number++) {
                JournalInsert.event(connection, "class|0", number, new byte[5000]);
            }
            StoreFile.copyKilled(folder, killed);
        }
        log = WriteAheadLog.of(killed.resolve(Store.FILE));
        whole = Files.readAllBytes(log.log());
    }

    private WriteAheadLog.End endWith(byte[] content) throws IOException {
        Files.write(log.log(), content);
        return log.end();
    }

    private byte[] flipped(int position) {
        byte[] damaged = whole.clone();
        damaged[position] ^= 1;
        return damaged;
    }

    @Test
    @DisplayName("is whole, also with a part of a transaction at its end")
    void isWhole() throws IOException {
        assertThat(log.end()).isEqualTo(WriteAheadLog.End.WHOLE);
        Files.write(log.log(), Arrays.copyOf(whole, FRAME / 2), StandardOpenOption.APPEND);
        assertThat(log.end()).isEqualTo(WriteAheadLog.End.WHOLE);
    }

    @Test
    @DisplayName("has lost its end after any flipped bit and any truncation, as its index says")
    void noticesDamage() throws IOException {
        for (int position = 0; position < whole.length; position += 61) {
            assertThat(endWith(flipped(position)))
                    .as("bit in byte %d", position)
                    .isEqualTo(WriteAheadLog.End.CUT);
        }
        for (int length = 0; length < whole.length; length += 997) {
            assertThat(endWith(Arrays.copyOf(whole, length)))
                    .as("%d bytes", length)
                    .isEqualTo(WriteAheadLog.End.CUT);
        }
        Files.delete(log.log());
        assertThat(log.end()).isEqualTo(WriteAheadLog.End.CUT);
    }

    @Test
    @DisplayName("has lost its end without an index too if later transactions remain, but not after a truncation")
    void noticesDamageWithoutIndex() throws IOException {
        Files.delete(log.index());
        assertThat(endWith(whole)).isEqualTo(WriteAheadLog.End.WHOLE);
        for (int position = 0; position < lastTransaction(); position += 61) {
            assertThat(endWith(flipped(position)))
                    .as("bit in byte %d", position)
                    .isEqualTo(WriteAheadLog.End.CUT_OR_MIXED);
        }
        assertThat(endWith(Arrays.copyOf(whole, lastTransaction()))).isEqualTo(WriteAheadLog.End.WHOLE);
    }

    @Test
    @DisplayName("is whole without an index if parts of its last transaction are missing, as after a power cut")
    void isWholeAfterPowerCut() throws IOException {
        Files.delete(log.index());
        for (int frame = lastTransaction(); frame < whole.length; frame += FRAME) {
            byte[] unwritten = whole.clone();
            Arrays.fill(unwritten, frame, frame + FRAME, (byte) 0);
            assertThat(endWith(unwritten)).as("frame at %d", frame).isEqualTo(WriteAheadLog.End.WHOLE);
        }
    }

    /** Position of the first frame after the last commit but one. */
    private int lastTransaction() {
        int start = HEADER;
        for (int frame = HEADER; frame < whole.length - FRAME; frame += FRAME) {
            if (ByteBuffer.wrap(whole).getInt(frame + 4) != 0) {
                start = frame + FRAME;
            }
        }
        return start;
    }

    @Test
    @DisplayName("is not needed if all of it is in the database, and must not be read if a part is")
    void knowsWhatTheDatabaseHas() throws Exception {
        Path checkpointed = folder.resolveSibling("checkpointed");
        try (Store _ = Store.inFolder(folder);
                Connection connection = StoreFile.in(folder).connect();
                Statement statement = connection.createStatement()) {
            JournalInsert.event(connection, "class|0", COMMITS + 1, new byte[5000]);
            statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
            StoreFile.copyKilled(folder, checkpointed);
        }
        log = WriteAheadLog.of(checkpointed.resolve(Store.FILE));
        whole = Files.readAllBytes(log.log());

        assertThat(endWith(flipped(HEADER + 100))).isEqualTo(WriteAheadLog.End.NEEDLESS);

        try (Store store = Store.inFolder(checkpointed)) {
            assertThat(store.damage().reasons()).isEmpty();
            assertThat(store.size().toCompletableFuture().join()).isEqualTo((COMMITS + 1) * 5000L);
        }
    }

    @Test
    @DisplayName("has the same index while a check reads it, because other checks read it too")
    void keepsTheIndex() throws IOException {
        Files.write(log.log(), flipped(whole.length / 2));
        byte[] index = Files.readAllBytes(log.index());
        List<byte[]> meanwhile = new ArrayList<>();
        OfflineCheck check = new OfflineCheck("store", "registry", (_, _) -> meanwhile.add(bytes(log.index())));

        assertThat(check.inFolder(killed).lostWrites()).isTrue();

        assertThat(meanwhile).isNotEmpty().allSatisfy(bytes -> assertThat(bytes).isEqualTo(index));
        assertThat(log.index()).hasBinaryContent(index);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    @DisplayName("that has lost its end is named by the check, which changes nothing, and the store goes on")
    void isNamed() throws IOException, SQLException {
        Files.write(log.log(), flipped(whole.length / 2));
        byte[] index = Files.readAllBytes(log.index());
        OfflineCheck check = new OfflineCheck("store", "registry", (_, _) -> {});

        for (int round = 0; round < 2; round++) {
            assertThat(check.inFolder(killed).lostWrites()).isTrue();
            assertThat(log.index()).hasBinaryContent(index);
        }
        try (Store store = Store.inFolder(killed)) {
            assertThat(store.damage().reasons()).isEmpty();
            assertThat(store.size().toCompletableFuture().join()).isBetween(5000L, (COMMITS - 1) * 5000L);
        }
        assertThat(check.inFolder(killed).isWhole()).isTrue();
    }
}
