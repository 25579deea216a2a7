package dev.reverie.actors.store;

import dev.reverie.actors.serialization.UnreadableDataException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What has failed when a store could not be opened, read or written. */
enum FailureCause {
    /** Data that was read is damaged. */
    DAMAGED,
    /** The disk has no space left. */
    FULL,
    /** Another process has written or deleted rows of the same actor. */
    OBSOLETE,
    /** The database refuses a value, although it works. */
    REFUSED,
    /** Another process uses the file. */
    IN_USE,
    /** The heap is too small. */
    TOO_LITTLE_MEMORY,
    /** The operating system could not read or write a file. */
    DISK_ERROR,
    /** The process lacks the permission to use a file, which waiting does not change. */
    DENIED,
    /** The server has ended a query, or has no memory or connections left for it. */
    SERVER_ERROR,
    /** The server does not run or cannot be reached. */
    UNREACHED,
    UNKNOWN;

    /** By the result codes of SQLite, without their details. */
    private static final Map<Integer, FailureCause> SQLITE_CODES = Map.ofEntries(
            Map.entry(SQLiteErrorCode.SQLITE_CORRUPT.code, DAMAGED),
            Map.entry(SQLiteErrorCode.SQLITE_NOTADB.code, DAMAGED),
            Map.entry(SQLiteErrorCode.SQLITE_FULL.code, FULL),
            Map.entry(SQLiteErrorCode.SQLITE_CONSTRAINT.code, REFUSED),
            Map.entry(SQLiteErrorCode.SQLITE_TOOBIG.code, REFUSED),
            Map.entry(SQLiteErrorCode.SQLITE_MISMATCH.code, REFUSED),
            Map.entry(SQLiteErrorCode.SQLITE_BUSY.code, IN_USE),
            Map.entry(SQLiteErrorCode.SQLITE_LOCKED.code, IN_USE),
            Map.entry(SQLiteErrorCode.SQLITE_NOMEM.code, TOO_LITTLE_MEMORY),
            Map.entry(SQLiteErrorCode.SQLITE_PERM.code, DISK_ERROR),
            Map.entry(SQLiteErrorCode.SQLITE_READONLY.code, DISK_ERROR),
            Map.entry(SQLiteErrorCode.SQLITE_IOERR.code, DISK_ERROR),
            Map.entry(SQLiteErrorCode.SQLITE_CANTOPEN.code, DISK_ERROR),
            Map.entry(SQLiteErrorCode.SQLITE_INTERRUPT.code, SERVER_ERROR));

    /** By the SQLSTATE of PostgreSQL; the trigger that rejects rows below {@code reverie_floor} has the last one. */
    private static final Map<String, FailureCause> SQL_STATES =
            Map.of("XX001", DAMAGED, "53100", FULL, "23505", OBSOLETE, "23514", OBSOLETE);

    /**
     * By the class of the SQLSTATE: a value that the column cannot hold, a key, a value that is too large, an error of
     * the server, a lack of resources, an operator, the system, and the connection. Only the rows on a damaged page
     * need it.
     */
    private static final Map<String, FailureCause> SQL_CLASSES = Map.of(
            "22", REFUSED,
            "23", REFUSED,
            "54", REFUSED,
            "XX", REFUSED,
            "53", SERVER_ERROR,
            "57", SERVER_ERROR,
            "58", SERVER_ERROR,
            "08", UNREACHED);

    /** Messages of the operating system, since Java has no error codes for them. */
    private static final List<String> FULL_MESSAGES = List.of("no space left", "quota exceeded");

    private static final List<String> DISK_MESSAGES =
            List.of("input/output error", "too many open files", "is a directory");

    private static final Set<FailureCause> OF_ONE_WRITE = Set.of(DAMAGED, FULL, OBSOLETE, REFUSED);
    private static final Set<FailureCause> OF_ACCESS =
            Set.of(FULL, IN_USE, TOO_LITTLE_MEMORY, DISK_ERROR, DENIED, SERVER_ERROR, UNREACHED);

    /** Classifies a failure by the first exception in its chain of causes that is recognised. */
    static FailureCause of(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .flatMap(cause -> classify(cause).stream())
                .findFirst()
                .orElse(UNKNOWN);
    }

    /** Whether other writes may succeed: their rows are not refused, or fit into what is left of the disk. */
    boolean isOfOneWrite() {
        return OF_ONE_WRITE.contains(this);
    }

    /** Whether the data could not be accessed, so that the failure says nothing about the data. */
    boolean isOfAccess() {
        return OF_ACCESS.contains(this);
    }

    private static Optional<FailureCause> classify(Throwable cause) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (FULL_MESSAGES.stream().anyMatch(message::contains)) {
            return Optional.of(FULL);
        }
        return switch (cause) {
            case UnreadableDataException _ -> Optional.of(DAMAGED);
            case OutOfMemoryError _ -> Optional.of(TOO_LITTLE_MEMORY);
            case SQLiteException sqlite -> Optional.ofNullable(SQLITE_CODES.get(SqliteDatabase.codeOf(sqlite)));
            case SQLException sql -> ofState(String.valueOf(sql.getSQLState()));
            case AccessDeniedException _ -> Optional.of(DENIED);
            case IOException _ when message.contains("permission denied") -> Optional.of(DENIED);
            case FileSystemException _, FileNotFoundException _ -> Optional.of(DISK_ERROR);
            case IOException _ when DISK_MESSAGES.stream().anyMatch(message::contains) -> Optional.of(DISK_ERROR);
            default -> Optional.empty();
        };
    }

    private static Optional<FailureCause> ofState(String state) {
        return state.length() == 5
                ? Optional.ofNullable(SQL_STATES.getOrDefault(state, SQL_CLASSES.get(state.substring(0, 2))))
                : Optional.empty();
    }
}
