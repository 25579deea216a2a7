package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A store on a server that the nodes of a cluster share")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SharedStoreIT {

    private static final String ROW =
            "INSERT INTO event_journal (persistence_id, sequence_number, writer, event_ser_id,"
                    + " event_ser_manifest, event_payload) VALUES ('%s', %d, 'test', 0, '', '')";

    @RegisterExtension
    static final PostgresPerClass POSTGRES = new PostgresPerClass();

    @Test
    @DisplayName("is created once if all nodes open it at the same time, and each of them can write")
    void openedAtOnce() {
        List<CompletableFuture<Store>> opening = IntStream.range(0, 5)
                .mapToObj(_ -> CompletableFuture.supplyAsync(this::openNode, Thread::startVirtualThread))
                .toList();

        List<Store> nodes = opening.stream().map(CompletableFuture::join).toList();

        assertThat(nodes).allSatisfy(SharedStoreIT::requireWritable);
        nodes.forEach(Store::close);
    }

    @Test
    @DisplayName("is refused to a process that wants it alone and to a check, until all nodes are closed")
    void refusedToProcess() {
        String refusal = "the store " + POSTGRES.url()
                + " is in use by the nodes of a cluster: stop all of them, or choose another database";
        Store one = openNode();
        Store two = openNode();

        one.close();
        assertThatThrownBy(this::openAlone).isInstanceOf(StoreException.class).hasMessage(refusal);
        assertThatThrownBy(() -> new OfflineCheck(POSTGRES.url(), "", (_, _) -> {})
                        .onPostgres(POSTGRES.url(), PostgresServer.USER, ""))
                .isInstanceOf(StoreException.class)
                .hasMessage(refusal);
        two.close();

        openAlone().close();
    }

    @Test
    @DisplayName("is refused to a node while a process uses it alone")
    void refusedToNode() throws SQLException {
        try (Store alone = openAlone()) {
            assertThatThrownBy(this::openNode)
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store " + POSTGRES.url()
                            + " is in use by a process that is not a node of a cluster: stop that"
                            + " process, or choose another database");
            requireWritable(alone);
        }
        awaitLocks("granted", false); // the server notices later that a connection is closed
        openNode().close();
    }

    @Test
    @DisplayName("is refused to a node that has waited for a process until it stopped, whose name it must not take")
    void processStops() throws Exception {
        Store alone = openAlone();
        CompletableFuture<Store> opening = CompletableFuture.supplyAsync(this::openNode, Thread::startVirtualThread);
        awaitLocks("NOT granted", true);
        alone.close();

        assertThatThrownBy(opening::join).hasMessageContaining("is in use by a process that is not a node");
        awaitLocks("granted", false);
        openNode().close();
    }

    /** Returns when there are advisory locks that fulfil a condition, or when there are none. */
    private static void awaitLocks(String condition, boolean expected) throws SQLException {
        try (Connection connection = DriverManager.getConnection(POSTGRES.url(), PostgresServer.USER, "");
                Statement statement = connection.createStatement()) {
            boolean found;
            do {
                try (ResultSet locks =
                        statement.executeQuery("SELECT 1 FROM pg_locks JOIN pg_database ON database = pg_database.oid"
                                + " WHERE datname = current_database() AND locktype = 'advisory' AND " + condition)) {
                    found = locks.next();
                }
            } while (found != expected);
        }
    }

    @Test
    @DisplayName("is opened by a node without waiting for a backup that another node takes")
    void backupMeanwhile() {
        try (Store one = openNode();
                StoreSnapshot backup = one.snapshotOfWholeRows((_, _) -> {});
                Store two = openNode()) {
            requireWritable(two);
            assertThat(backup.next()).isEmpty();
        }
    }

    @Test
    @DisplayName("has no damage for a node that opens it while another one writes and deletes rows")
    void writtenMeanwhile() throws Exception {
        try (Store one = openNode()) {
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Void> writing =
                    CompletableFuture.runAsync(() -> writeUntil(one, stop), Thread::startVirtualThread);
            for (int opening = 0; opening < 20; opening++) {
                try (Store two = openNode()) {
                    assertThat(two.damage().reasons()).isEmpty();
                }
            }
            stop.set(true);
            writing.join();
        }
    }

    @Test
    @DisplayName("can be written to by all nodes after its server has been restarted")
    void serverRestarted() {
        try (Store one = openNode();
                Store two = openNode()) {
            POSTGRES.server().shutDownAndRestart();

            requireWritable(one);
            requireWritable(two);
        }
    }

    @Test
    @DisplayName("can be written to by its nodes after its server has been restarted and a new node was the first")
    void openedAfterRestart() {
        try (Store one = openNode()) {
            POSTGRES.server().shutDownAndRestart();

            try (Store two = openNode()) {
                requireWritable(one);
                requireWritable(two);
            }
        }
    }

    @Test
    @DisplayName("is closed to a node that lost its connection, if a process has used it alone meanwhile")
    void takenOver() throws SQLException {
        try (Store node = openNode()) {
            POSTGRES.server().shutDownAndRestart();
            openAlone().close();

            assertThatThrownBy(() -> requireWritable(node))
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("was used by another process meanwhile");
        }
    }

    @Test
    @DisplayName("does not let a node that is suspended in a transaction block another one")
    void suspendedInTransaction() throws SQLException {
        Database first = new PostgresDatabase(POSTGRES.url(), PostgresServer.USER, "", new ServerLock.OfNode());
        Database second = new PostgresDatabase(POSTGRES.url(), PostgresServer.USER, "", new ServerLock.OfNode());
        try (StoreWriter one = StoreWriter.open(first);
                StoreWriter two = StoreWriter.open(second);
                Connection suspended = first.connectBeside();
                Connection next = second.connectBeside()) {
            suspended.setAutoCommit(false);
            insert(suspended, "class|0", 1);

            insert(next, "class|0", 1);

            assertThatThrownBy(suspended::commit).isInstanceOf(SQLException.class);
            assertThat(one).isNotSameAs(two);
        }
    }

    private static void writeUntil(Store store, AtomicBoolean stop) {
        try (Connection connection = DriverManager.getConnection(store.name(), PostgresServer.USER, "")) {
            for (int number = 1; !stop.get(); number++) {
                for (int index = 0; index < 3; index++) {
                    insert(connection, "class|" + index, number);
                }
                if (number % 10 == 0) {
                    saveSnapshot(connection, number);
                    store.trim("class|0", number).toCompletableFuture().join();
                }
            }
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void saveSnapshot(Connection connection, long number) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot_ser_id,"
                    + " snapshot_ser_manifest, snapshot_payload) VALUES ('class|0', " + number + ", 0, 0, '', '')");
        }
    }

    private static void insert(Connection connection, String actor, long number) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(ROW.formatted(actor, number));
        }
    }

    private static void requireWritable(Store store) {
        store.probe().toCompletableFuture().join();
    }

    private Store openNode() {
        return Store.sharedOnPostgres(POSTGRES.url(), PostgresServer.USER, "");
    }

    private Store openAlone() {
        return Store.onPostgres(POSTGRES.url(), PostgresServer.USER, "");
    }
}
