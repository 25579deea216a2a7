package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

@DisplayName("A failure of the store")
class StoreExceptionTest {
    @ParameterizedTest
    @MethodSource("machine")
    @DisplayName("of the disk or the server may pass before it is opened again")
    void failsByTheMachine(SQLException failure) {
        assertThat(StoreException.unopened("store", failure).isTemporary()).isTrue();
    }

    private static Stream<SQLException> machine() {
        return Stream.of(
                new SQLException("cannot write", new IOException("No space left on device")),
                new SQLException("cannot read", new IOException("Input/output error")),
                new SQLException("Connection to localhost:5432 refused", "08001"),
                new SQLException("the server is starting up", "57P03"));
    }

    @Test
    @DisplayName("because another process uses it may pass")
    void isInUse() {
        assertThat(StoreException.inUse("store").isTemporary()).isTrue();
        assertThat(StoreException.unopened("store", new SQLiteException("locked", SQLiteErrorCode.SQLITE_BUSY))
                        .isTemporary())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("choice")
    @DisplayName("because something must be changed first does not pass")
    void failsByChoice(SQLException failure) {
        assertThat(StoreException.unopened("store", failure).isTemporary()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    @DisplayName("by which PostgreSQL rejects a row says that another process has taken over, also in a batch")
    void obsolete(PSQLState state) {
        PSQLException refusal = new PSQLException("duplicate key or row below the floor", state);
        BatchUpdateException batch = new BatchUpdateException("Batch entry 0 was aborted", new int[0], refusal);

        assertThat(StoreFailure.of(refusal)).isEqualTo(StoreFailure.OBSOLETE);
        assertThat(StoreFailure.of(new IllegalStateException(batch))).isEqualTo(StoreFailure.OBSOLETE);
    }

    @Test
    @DisplayName("says whether the disk is full, there is damage, or it may pass, as when a server does not respond")
    void classifiesFailures() {
        assertThat(StoreFailure.of(new RuntimeException(new IOException("No space left on device"))))
                .isEqualTo(StoreFailure.FULL);
        assertThat(StoreFailure.of(sqlite(SQLiteErrorCode.SQLITE_FULL))).isEqualTo(StoreFailure.FULL);
        assertThat(StoreFailure.of(sqlite(SQLiteErrorCode.SQLITE_CORRUPT_INDEX)))
                .isEqualTo(StoreFailure.DAMAGED);
        assertThat(StoreFailure.of(sqlite(SQLiteErrorCode.SQLITE_IOERR_FSYNC))).isEqualTo(StoreFailure.UNAVAILABLE);
        assertThat(StoreFailure.of(new RuntimeException(new SQLException("disk full", "53100"))))
                .isEqualTo(StoreFailure.FULL);
        assertThat(StoreFailure.of(new SQLException("connection refused", "08001")))
                .isEqualTo(StoreFailure.UNAVAILABLE);
        assertThat(StoreFailure.of(new PSQLException("broken pipe", PSQLState.CONNECTION_FAILURE)))
                .isEqualTo(StoreFailure.UNAVAILABLE);
        assertThat(StoreFailure.of(new SQLException("busy"))).isEqualTo(StoreFailure.UNAVAILABLE);
    }

    private static Stream<SQLException> choice() {
        return Stream.of(
                new SQLException("cannot read", new OutOfMemoryError("Java heap space")),
                new SQLException("cannot read", new AccessDeniedException("reverie.db")),
                new SQLException("cannot read", new IOException("Permission denied")),
                new SQLException("password authentication failed", "28P01"),
                new SQLException("the database does not exist", "3D000"));
    }

    static List<PSQLState> refusals() {
        return List.of(PSQLState.UNIQUE_VIOLATION, PSQLState.CHECK_VIOLATION);
    }

    private static RuntimeException sqlite(SQLiteErrorCode code) {
        return new RuntimeException(new SQLiteException("failed", code));
    }
}
