package dev.reverie.actors.store;

import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Recognises that a database has refused a single row, although it works. */
final class RefusedRow {

    /**
     * Classes of SQLSTATE: a value that the column cannot hold, a key that exists already, a value that is too large,
     * and a damaged page, which only the rows on it need.
     */
    private static final Set<String> POSTGRES_CLASSES = Set.of("22", "23", "54", "XX");

    /** The same in SQLite. */
    private static final Set<Integer> SQLITE_CODES = Set.of(
            SQLiteErrorCode.SQLITE_CONSTRAINT.code,
            SQLiteErrorCode.SQLITE_TOOBIG.code,
            SQLiteErrorCode.SQLITE_MISMATCH.code,
            SQLiteErrorCode.SQLITE_CORRUPT.code);

    private RefusedRow() {}

    /** Whether a refused row has caused the failure of a write. */
    static boolean causes(Throwable failure) {
        return Stream.<@Nullable Throwable>iterate(failure, cause -> cause != null, cause -> cause.getCause())
                .anyMatch(RefusedRow::isRefusal);
    }

    private static boolean isRefusal(@Nullable Throwable cause) {
        return switch (cause) {
            case SQLiteException sqlite -> SQLITE_CODES.contains(SqliteDatabase.codeOf(sqlite));
            case SQLException sql -> {
                String state = String.valueOf(sql.getSQLState());
                yield state.length() == 5 && POSTGRES_CLASSES.contains(state.substring(0, 2));
            }
            case null, default -> false;
        };
    }
}
