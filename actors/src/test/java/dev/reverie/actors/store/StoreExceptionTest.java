package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

@DisplayName("A store that cannot be opened")
class StoreExceptionTest {

    @ParameterizedTest
    @MethodSource("machine")
    @DisplayName("because of the disk or the server may be opened later")
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
    @DisplayName("because another process uses it may be opened later")
    void isInUse() {
        assertThat(StoreException.inUse("store").isTemporary()).isTrue();
        assertThat(StoreException.unopened("store", new SQLiteException("locked", SQLiteErrorCode.SQLITE_BUSY))
                        .isTemporary())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("choice")
    @DisplayName("because something must be changed first cannot be opened later either")
    void failsByChoice(SQLException failure) {
        assertThat(StoreException.unopened("store", failure).isTemporary()).isFalse();
    }

    private static Stream<SQLException> choice() {
        return Stream.of(
                new SQLException("cannot read", new OutOfMemoryError("Java heap space")),
                new SQLException("cannot read", new AccessDeniedException("reverie.db")),
                new SQLException("cannot read", new IOException("Permission denied")),
                new SQLException("password authentication failed", "28P01"),
                new SQLException("the database does not exist", "3D000"));
    }
}
