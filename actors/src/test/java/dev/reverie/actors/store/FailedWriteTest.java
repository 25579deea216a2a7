package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SplittableRandom;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A store on a disk that was full for a moment")
class FailedWriteTest {

    private static final int ROUNDS = 40;
    private static final int SMALL = 100;
    /** Size of a row that does not fit between others, so that it extends the file. */
    private static final int LARGE = 60_000;
    private static final List<String> DISK_FULL = List.of("No space left on device");

    private final SplittableRandom random = new SplittableRandom(4);
    private int committed;

    @BeforeEach
    void useFaultyDisk() {
        FaultyDisk.reset();
    }

    @Test
    @DisplayName("continues with every committed row when its file is opened again")
    void keepsCommittedRows(@TempDir Path folder) throws Exception {
        Database database = Database.h2("store", FaultyDisk.PREFIX + folder.resolve("reverie"));
        try (StoreConnection _ = StoreConnection.open(database)) {
            for (int round = 0; round < ROUNDS; round++) {
                // given
                try (Connection connection = database.connect()) {
                    MVStore store = H2FileDriver.session(connection)
                            .getDatabase()
                            .getStore()
                            .getMvStore();
                    DurableVersion durable = new DurableVersion(store, store.getFileStore());
                    for (int flush = 0; flush < 3; flush++) {
                        append(connection, random.nextInt(1, 5), SMALL);
                        durable.advance();
                    }
                    append(connection, random.nextInt(1, 4), LARGE);
                }

                // when
                FaultyDisk.failSometimes(random.split(), 1, DISK_FULL);
                appendUntilFailure(database);
                FaultyDisk.repair();

                // then
                try (Connection connection = database.connect()) {
                    assertThat(lastRow(connection)).as("round %d", round).isBetween(committed, committed + 1);
                    committed = lastRow(connection);
                }
            }
        }
    }

    private void appendUntilFailure(Database database) {
        try (Connection connection = database.connect()) {
            append(connection, Integer.MAX_VALUE, LARGE);
        } catch (SQLException full) {
            // The row was not committed, or its commit was not reported.
        }
    }

    private void append(Connection connection, int rows, int bytes) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO \"event_journal\" (\"persistence_id\", \"sequence_number\", \"writer\", \"write_timestamp\","
                        + " \"adapter_manifest\", \"event_payload\", \"event_ser_id\", \"event_ser_manifest\")"
                        + " VALUES ('class|0', ?, '', 0, '', ?, 0, '')")) {
            for (int row = 0; row < rows; row++) {
                byte[] payload = new byte[bytes];
                random.nextBytes(payload);
                insert.setInt(1, committed + 1);
                insert.setBytes(2, payload);
                insert.executeUpdate();
                committed++;
            }
        }
    }

    private static int lastRow(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT max(\"sequence_number\") FROM \"event_journal\"")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
