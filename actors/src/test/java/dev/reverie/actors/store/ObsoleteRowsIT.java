package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.Done;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("After process B took an actor over from process A, which is suspended, a PostgreSQL server")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ObsoleteRowsIT {

    private static final long PAUSE_NS = 10_000_000;

    private static final String ACTOR = "class|0";
    private static final String INSERT_EVENT = "INSERT INTO event_journal (persistence_id, sequence_number, writer,"
            + " event_ser_id, event_ser_manifest, event_payload) VALUES (?, ?, 'A', 0, '', '')";
    private static final String INSERT_SNAPSHOT = "INSERT INTO snapshot (persistence_id, sequence_number, created,"
            + " snapshot_ser_id, snapshot_ser_manifest, snapshot_payload) VALUES (?, ?, 0, 0, '', '')";

    @RegisterExtension
    static final PostgresPerClass POSTGRES = new PostgresPerClass();

    private Store storeOfB;
    private Connection connectionOfA;

    @BeforeEach
    void writeTwentyEvents() throws SQLException {
        storeOfB = Store.onPostgres(POSTGRES.url(), PostgresServer.USER, "");
        connectionOfA = connect();
        try (StoreLoader loader = storeOfB.load()) {
            for (int number = 1; number <= 20; number++) {
                loader.add(new StoredRow.Event(ACTOR, number, false, "B", 0, "", 0, "", ByteString.emptyByteString()));
            }
            loader.add(new StoredRow.Snapshot(ACTOR, 20, 0, 0, "", ByteString.emptyByteString()));
            loader.commit();
        }
    }

    @AfterEach
    void close() throws SQLException {
        connectionOfA.close();
        storeOfB.close();
    }

    @Test
    @DisplayName("rejects an event of A whose number B has written and deleted")
    void rejectsReusedNumber() throws Exception {
        trim(20);

        assertThatThrownBy(() -> insert(INSERT_EVENT, 11))
                .isInstanceOfSatisfying(SQLException.class, failure -> assertThat(
                                FailureCause.of(failure).isOfOneWrite())
                        .isTrue())
                .hasMessageContaining("row 11 of class|0 is obsolete: another process has taken it over");
        assertThat(numbersOfEvents()).isEqualTo("20");
    }

    @Test
    @DisplayName("rejects an event of A that waits for the deletion to be committed")
    void rejectsWaitingEvent() throws Exception {
        CompletableFuture<Void> insertion;
        try (Connection deletion = connect();
                Statement statement = deletion.createStatement()) {
            deletion.setAutoCommit(false);
            statement.execute("INSERT INTO reverie_floor VALUES ('" + ACTOR + "', 19)");
            statement.execute("DELETE FROM event_journal WHERE sequence_number < 20");

            insertion = CompletableFuture.runAsync(() -> {
                try {
                    insert(INSERT_EVENT, 11);
                } catch (SQLException failure) {
                    throw new CompletionException(failure);
                }
            });
            while (!isWaiting(deletion, "transactionid")) {
                LockSupport.parkNanos(PAUSE_NS);
            }
            deletion.commit();
        }

        assertThatThrownBy(insertion::join).hasMessageContaining("row 11 of class|0 is obsolete");
        assertThat(numbersOfEvents()).isEqualTo("20");
    }

    @Test
    @DisplayName("rejects a snapshot of A that is older than B's")
    void rejectsOldSnapshot() {
        trim(20);

        assertThatThrownBy(() -> insert(INSERT_SNAPSHOT, 10)).hasMessageContaining("row 10 of class|0 is obsolete");
    }

    @Test
    @DisplayName("rejects every row of A once B has erased the actor")
    void rejectsRowsOfErasedActor() {
        storeOfB.erase(ACTOR).toCompletableFuture().join();

        assertThatThrownBy(() -> insert(INSERT_EVENT, 21)).hasMessageContaining("row 21 of class|0 is obsolete");
        assertThatThrownBy(() -> insert(INSERT_SNAPSHOT, 21)).hasMessageContaining("row 21 of class|0 is obsolete");
    }

    @Test
    @DisplayName("keeps no event of A that A commits only when B erases the actor")
    void erasesUncommittedEvent() throws Exception {
        connectionOfA.setAutoCommit(false);
        insert(INSERT_EVENT, 21);

        CompletableFuture<Done> erasure = storeOfB.erase(ACTOR).toCompletableFuture();
        while (!isWaiting(connectionOfA, "advisory") && !erasure.isDone()) {
            LockSupport.parkNanos(PAUSE_NS);
        }
        connectionOfA.commit();
        erasure.join();

        assertThat(queryString(connectionOfA, "SELECT count(*) FROM event_journal"))
                .isEqualTo("0");
    }

    @Test
    @DisplayName("never lowers the number up to which rows are obsolete")
    void keepsHighestNumber() {
        trim(20);

        trim(5);

        assertThatThrownBy(() -> insert(INSERT_EVENT, 11)).hasMessageContaining("row 11 of class|0 is obsolete");
    }

    @Test
    @DisplayName("accepts the next events of B, and those of other actors")
    void acceptsOthers() throws Exception {
        trim(20);

        insert(INSERT_EVENT, 21);
        try (Statement statement = connectionOfA.createStatement()) {
            statement.execute(INSERT_EVENT.replace("?, ?", "'class|1', 1"));
        }

        assertThat(numbersOfEvents()).isEqualTo("20,21,1");
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(POSTGRES.url(), PostgresServer.USER, "");
    }

    private void trim(long snapshot) {
        storeOfB.trim(ACTOR, snapshot).toCompletableFuture().join();
    }

    private void insert(String statement, long number) throws SQLException {
        try (PreparedStatement insert = connectionOfA.prepareStatement(statement)) {
            insert.setString(1, ACTOR);
            insert.setLong(2, number);
            insert.executeUpdate();
        }
    }

    private static boolean isWaiting(Connection connection, String kindOfLock) throws SQLException {
        return queryString(
                        connection,
                        "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = '" + kindOfLock + "'")
                .equals("1");
    }

    private String numbersOfEvents() throws SQLException {
        return queryString(
                connectionOfA,
                "SELECT string_agg(sequence_number::text, ',' ORDER BY persistence_id, sequence_number)"
                        + " FROM event_journal");
    }

    private static String queryString(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }
}
