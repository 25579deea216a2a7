package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.FreePorts;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A store on a PostgreSQL server")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PostgresStoreTest {

    private static final long PAUSE_NS = 10_000_000;

    @RegisterExtension
    static final PostgresPerClass POSTGRES = new PostgresPerClass();

    @Test
    @DisplayName("exists once it was opened, and is locked for one process")
    void isLocked() {
        assertThat(Store.existsOnPostgres(POSTGRES.url(), PostgresServer.USER, ""))
                .isFalse();
        try (Store first = open()) {
            assertThat(Store.existsOnPostgres(POSTGRES.url(), PostgresServer.USER, ""))
                    .isTrue();
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store " + first.name()
                            + " is in use by another process: stop that process, or choose another database");
        }
    }

    @Test
    @DisplayName("is opened again without waiting for a pg_dump or a VACUUM")
    void dumpedMeanwhile() throws SQLException {
        open().close();
        try (Connection dump = connect()) {
            dump.setAutoCommit(false);
            execute(dump, "LOCK TABLE event_journal, snapshot, reverie_store IN SHARE UPDATE EXCLUSIVE MODE");

            try (Store again = open()) {
                again.probe().toCompletableFuture().join();
            }
        }
    }

    @Test
    @DisplayName("gets the columns and triggers that an earlier version did not create")
    void upgraded() throws SQLException {
        open().close();
        try (Connection connection = connect()) {
            for (String change : List.of(
                    "ALTER TABLE reverie_store DROP COLUMN factor",
                    "ALTER TABLE event_journal DROP COLUMN checksum",
                    "ALTER TABLE event_journal ALTER COLUMN event_payload SET STORAGE EXTENDED",
                    "ALTER TABLE snapshot DROP COLUMN checksum",
                    "ALTER TABLE snapshot ALTER COLUMN snapshot_payload SET STORAGE EXTENDED",
                    "DROP TRIGGER reverie_floor ON event_journal",
                    "DROP TRIGGER reverie_floor ON snapshot")) {
                execute(connection, change);
            }

            try (Store again = open()) {
                again.requireFactor(2);
            }

            assertThat(Schema.hasChecksums(connection, database())).isTrue();
            assertThat(query(connection, "SELECT count(*) FROM pg_trigger WHERE tgname = 'reverie_floor'"))
                    .isEqualTo("2");
            assertThat(query(
                            connection,
                            "SELECT string_agg(attstorage::text, '') FROM pg_attribute WHERE attname IN"
                                    + " ('event_payload', 'snapshot_payload') AND attnum > 0"))
                    .isEqualTo("ee");
        }
    }

    @Test
    @DisplayName("lets the server release its locks within seconds if the host of the service is gone")
    void keepsAlive() throws SQLException {
        for (ServerLock lock : List.of(new ServerLock.OfProcess(), new ServerLock.OfNode())) {
            Database database = new PostgresDatabase(POSTGRES.url(), PostgresServer.USER, "", lock);
            try (StoreWriter holder = StoreWriter.open(database);
                    Connection writer = database.connectBeside()) {
                assertThat(holder.call(PostgresStoreTest::keepAlive)).isEqualTo("5 2 3 11000");
                assertThat(keepAlive(writer)).isEqualTo("5 2 3 11000");
            }
        }
    }

    private static String keepAlive(Connection connection) throws SQLException {
        return query(
                connection,
                "SELECT concat_ws(' ', current_setting('tcp_keepalives_idle'),"
                        + " current_setting('tcp_keepalives_interval'), current_setting('tcp_keepalives_count'),"
                        + " current_setting('tcp_user_timeout'))");
    }

    @Test
    @DisplayName("runs no task after its tasks were ended, even if it was connecting again at that moment")
    void endedWhileConnecting() throws SQLException {
        Database database = new PostgresDatabase(POSTGRES.url(), PostgresServer.USER, "", new ServerLock.OfNode());
        AtomicBoolean ran = new AtomicBoolean();
        try (ExecutorService thread = Executors.newSingleThreadExecutor();
                StoreWriter store = StoreWriter.open(database);
                Connection other = connect()) {
            store.call(connection -> {
                connection.close();
                return true;
            });
            other.setAutoCommit(false);
            execute(other, "LOCK TABLE reverie_owner IN ACCESS EXCLUSIVE MODE");
            Future<Boolean> task = thread.submit(() -> store.call(_ -> ran.getAndSet(true)));
            while (query(other, "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'")
                    .equals("0")) {
                LockSupport.parkNanos(PAUSE_NS);
            }

            store.endTasks();
            other.rollback();

            assertThatThrownBy(task::get)
                    .hasCauseInstanceOf(SQLException.class)
                    .hasMessageContaining("the store is closed");
            assertThat(ran).isFalse();
        }
    }

    @Test
    @DisplayName("is neither written nor read on a server that has become a standby")
    void demoted(@TempDir Path data) {
        try (PostgresServer demoted = PostgresServer.startedIn(data);
                Store store = Store.onPostgres(demoted.newDatabase(), PostgresServer.USER, "")) {
            store.probe().toCompletableFuture().join();

            demoted.restartAsStandby();

            assertThatThrownBy(() -> store.probe().toCompletableFuture().join())
                    .hasCauseInstanceOf(StoreException.class)
                    .hasStackTraceContaining("is a standby");
            assertThatThrownBy(() -> store.size().toCompletableFuture().join())
                    .hasCauseInstanceOf(StoreException.class)
                    .hasStackTraceContaining("is a standby");
        }
    }

    @Test
    @DisplayName("is read as it is at one moment")
    void readsOneMoment() throws SQLException {
        try (Store store = open();
                Connection other = connect()) {
            long found = store.read(connection -> {
                        StoreRows.count(connection);
                        JournalInsert.event(other, "class|0", 1, new byte[10]);
                        return StoreRows.count(connection);
                    })
                    .toCompletableFuture()
                    .join();

            assertThat(found).isZero();
            assertThat(store.read(StoreRows::count).toCompletableFuture().join())
                    .isEqualTo(1);
        }
    }

    @Test
    @DisplayName("keeps the name of its last owner if that of the next one cannot be written")
    void namesOneOwner() throws SQLException {
        open().close();
        try (Connection connection = connect()) {
            String owner = query(connection, "SELECT name FROM reverie_owner");
            execute(connection, "ALTER TABLE reverie_owner ADD CHECK (name = '" + owner + "')");

            assertThatThrownBy(this::open).isInstanceOf(StoreException.class);

            assertThat(query(connection, "SELECT name FROM reverie_owner")).isEqualTo(owner);
        }
    }

    @Test
    @DisplayName("is used on a primary server that a setting has made read-only, so that it can be read")
    void readOnlyPrimary() throws SQLException {
        for (ServerLock lock : List.of(new ServerLock.OfProcess(), new ServerLock.OfNode())) {
            Database database = new PostgresDatabase(POSTGRES.server().newDatabase(), PostgresServer.USER, "", lock);
            StoreWriter.open(database).close();
            try (Connection connection = database.connectReader()) {
                String name = query(connection, "SELECT current_database()");
                execute(connection, "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
            }

            try (Connection again = database.connectReader()) {
                lock.resume(again, database.name());
                database.connectBeside().close();

                assertThat(query(again, "SHOW transaction_read_only")).isEqualTo("on");
            }
        }
    }

    @Test
    @DisplayName("can be opened later if its server does not run, but not if the server does not have the database")
    void isTemporary() {
        String stopped = "jdbc:postgresql://127.0.0.1:" + FreePorts.next() + "/reverie";
        assertThatThrownBy(() -> Store.onPostgres(stopped, PostgresServer.USER, ""))
                .isInstanceOfSatisfying(StoreException.class, failure -> assertThat(failure.isTemporary())
                        .isTrue());

        String missing = POSTGRES.url() + "_missing";
        assertThatThrownBy(() -> Store.onPostgres(missing, PostgresServer.USER, ""))
                .isInstanceOfSatisfying(StoreException.class, failure -> assertThat(failure.isTemporary())
                        .isFalse());
    }

    @Test
    @DisplayName("gives the server ten minutes to verify rows")
    void verifiesPatiently() throws SQLException {
        try (Store store = open();
                StoreLoader loader = store.load()) {
            loader.add(new StoredRow.Event("class|0", 1, false, "w", 0, "", 0, "", ByteString.emptyByteString()));
            loader.commit();
        }
        Database impatient = new PostgresDatabase(
                POSTGRES.url() + "?socketTimeout=5", PostgresServer.USER, "", new ServerLock.OfNode());
        Set<Integer> timeouts = new HashSet<>();
        try (Connection connection = impatient.connectReader()) {

            IntegrityCheck.of(connection, impatient, () -> timeouts.add(networkTimeout(connection)));

            assertThat(timeouts).containsExactly(600_000);
            assertThat(networkTimeout(connection)).isEqualTo(5000);
        }
    }

    private static int networkTimeout(Connection connection) {
        try {
            return connection.getNetworkTimeout();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    @DisplayName("whose disk is full accepts writes again once there is space for a large row")
    void triesALargeRow() throws SQLException {
        try (Store store = open();
                Connection other = connect()) {
            other.setAutoCommit(false);
            execute(other, "LOCK TABLE event_journal IN SHARE MODE");

            store.onFailure(new SQLException("could not extend file", "53100"));

            while (query(other, "SELECT count(*) FROM pg_locks WHERE NOT granted")
                    .equals("0")) {
                assertThat(store.isReadOnly())
                        .as("read-only without a large row")
                        .isTrue();
                LockSupport.parkNanos(PAUSE_NS);
            }
            other.rollback();
            while (store.isReadOnly()) {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    @Test
    @DisplayName("keeps no row of the attempt to write a large one, which fails while the disk is full")
    void discardsTheLargeRow() throws SQLException {
        try (Store store = open();
                Connection connection = connect()) {
            StoreRows.probeSpace(connection);
            try (FullStore _ = FullStore.forWritesOf(StoreRows.PROBE, store)) {
                assertThatThrownBy(() -> StoreRows.probeSpace(connection))
                        .satisfies(
                                failure -> assertThat(StoreFailure.of(failure)).isEqualTo(StoreFailure.FULL));
            }

            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(StoreRows.count(connection)).isZero();
        }
    }

    private Store open() {
        return Store.onPostgres(POSTGRES.url(), PostgresServer.USER, "");
    }

    private static Database database() {
        return new PostgresDatabase(POSTGRES.url(), PostgresServer.USER, "", new ServerLock.OfNode());
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(POSTGRES.url(), PostgresServer.USER, "");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }
}
