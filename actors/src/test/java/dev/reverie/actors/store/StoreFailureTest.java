package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

@DisplayName("A failure of the store")
class StoreFailureTest {

    static List<PSQLState> refusals() {
        return List.of(PSQLState.UNIQUE_VIOLATION, PSQLState.CHECK_VIOLATION);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    @DisplayName("in which PostgreSQL rejects a row says that another process has taken over, also in a batch")
    void obsolete(PSQLState state) {
        PSQLException refusal = new PSQLException("duplicate key or row below the floor", state);
        BatchUpdateException batch = new BatchUpdateException("Batch entry 0 was aborted", new int[0], refusal);

        assertThat(StoreFailure.of(refusal)).isEqualTo(StoreFailure.OBSOLETE);
        assertThat(StoreFailure.of(new IllegalStateException(batch))).isEqualTo(StoreFailure.OBSOLETE);
    }

    @Test
    @DisplayName("tells a full disk, damage and a server that does not respond apart")
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
    }

    @Test
    @DisplayName("of another kind may pass")
    void unavailable() {
        assertThat(StoreFailure.of(new PSQLException("broken pipe", PSQLState.CONNECTION_FAILURE)))
                .isEqualTo(StoreFailure.UNAVAILABLE);
        assertThat(StoreFailure.of(new SQLException("busy"))).isEqualTo(StoreFailure.UNAVAILABLE);
    }

    private static RuntimeException sqlite(SQLiteErrorCode code) {
        return new RuntimeException(new SQLiteException("failed", code));
    }
}
