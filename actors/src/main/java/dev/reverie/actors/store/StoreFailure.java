package dev.reverie.actors.store;

import dev.reverie.actors.serialization.UnreadableDataException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Why data cannot be read or written. */
public enum StoreFailure {
    /** Data in the store is damaged; trying again does not help. */
    DAMAGED,
    /** The store has no space left. */
    FULL,
    /** The store does not respond, but may recover. */
    UNAVAILABLE,
    /** Another process has written or deleted rows of this actor since the actor has read them. */
    OBSOLETE,
    /** The node of a cluster that reads and writes the data does not answer, or still reads the data. */
    UNREACHABLE;

    /** Result codes of SQLite, without their details. */
    private static final Set<Integer> SQLITE_DAMAGED =
            Set.of(SQLiteErrorCode.SQLITE_CORRUPT.code, SQLiteErrorCode.SQLITE_NOTADB.code);

    private static final String POSTGRES_DISK_FULL = "53100";
    private static final String POSTGRES_DATA_CORRUPTED = "XX001";
    private static final String POSTGRES_DUPLICATE_KEY = "23505";
    /** The trigger that rejects rows below {@code reverie_floor} fails with this state. */
    private static final String POSTGRES_BELOW_FLOOR = "23514";

    private static final Set<String> POSTGRES_OBSOLETE = Set.of(POSTGRES_DUPLICATE_KEY, POSTGRES_BELOW_FLOOR);

    /** Classifies a failure by the first exception in its chain of causes that is recognised. */
    public static StoreFailure of(Throwable failure) {
        return Stream.<@Nullable Throwable>iterate(failure, cause -> cause != null, cause -> cause.getCause())
                .map(StoreFailure::classify)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(UNAVAILABLE);
    }

    private static Optional<StoreFailure> classify(@Nullable Throwable cause) {
        return switch (cause) {
            case UnreadableDataException _ -> Optional.of(DAMAGED);
            case SQLiteException sqlite
            when SQLITE_DAMAGED.contains(SqliteDatabase.codeOf(sqlite)) -> Optional.of(DAMAGED);
            case SQLiteException sqlite
            when SqliteDatabase.codeOf(sqlite) == SQLiteErrorCode.SQLITE_FULL.code -> Optional.of(FULL);
            case SQLException sql when POSTGRES_DATA_CORRUPTED.equals(sql.getSQLState()) -> Optional.of(DAMAGED);
            case SQLException sql when POSTGRES_DISK_FULL.equals(sql.getSQLState()) -> Optional.of(FULL);
            case PSQLException sql
            when POSTGRES_OBSOLETE.contains(String.valueOf(sql.getSQLState())) -> Optional.of(OBSOLETE);
            case BatchUpdateException batch
            when batch.getNextException() instanceof PSQLException first -> classify(first);
            case null -> Optional.empty();
            case Throwable other when isDiskFull(other) -> Optional.of(FULL);
            default -> Optional.empty();
        };
    }

    /** Recognises a full disk by the message of the operating system, since Java has no error code for it. */
    private static boolean isDiskFull(Throwable failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded");
    }
}
