package dev.reverie.actors.store;

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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** A failure that keeps a store from being read, although its data may be whole. */
enum AccessFailure {
    /** Another process uses the file. */
    IN_USE("is in use by another process: stop that process, or choose another folder"),
    /** The heap is too small. */
    TOO_LITTLE_MEMORY("needs more memory to be read: set for example REVERIE_JAVA_OPTS=-Xmx4g"),
    /** The operating system could not read or write a file. */
    DISK_ERROR("cannot be read: check its disk and the permissions of its files"),
    /** The server has ended a query, or has no memory, disk or connections left for it. */
    SERVER_ERROR("cannot be read now: check its database server, and try again");

    /** By the result codes of SQLite, without their details. */
    private static final Map<Integer, AccessFailure> SQLITE_CODES = Map.of(
            SQLiteErrorCode.SQLITE_PERM.code, DISK_ERROR,
            SQLiteErrorCode.SQLITE_BUSY.code, IN_USE,
            SQLiteErrorCode.SQLITE_LOCKED.code, IN_USE,
            SQLiteErrorCode.SQLITE_NOMEM.code, TOO_LITTLE_MEMORY,
            SQLiteErrorCode.SQLITE_READONLY.code, DISK_ERROR,
            SQLiteErrorCode.SQLITE_INTERRUPT.code, SERVER_ERROR,
            SQLiteErrorCode.SQLITE_IOERR.code, DISK_ERROR,
            SQLiteErrorCode.SQLITE_CANTOPEN.code, DISK_ERROR);

    /** Classes of SQLSTATE: insufficient resources, operator intervention, and errors of the system. */
    private static final List<String> POSTGRES_CLASSES = List.of("53", "57", "58");

    private static final List<String> DISK_MESSAGES =
            List.of("input/output error", "permission denied", "too many open files", "is a directory");

    private final String sentence;

    AccessFailure(String sentence) {
        this.sentence = sentence;
    }

    /** The access failure among a failure and its causes; empty if there is none, so that the data may be damaged. */
    static Optional<AccessFailure> in(Throwable failure) {
        return causes(failure)
                .map(AccessFailure::classify)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The exception for a store that has this failure. */
    StoreException exception(String store, Throwable failure) {
        String message = "the store " + store + " " + sentence;
        return switch (this) {
            case TOO_LITTLE_MEMORY -> new StoreException(message, failure);
            case IN_USE, SERVER_ERROR -> StoreException.temporary(message, failure);
            case DISK_ERROR ->
                isDenied(failure) ? new StoreException(message, failure) : StoreException.temporary(message, failure);
        };
    }

    /** Whether the process lacks the permission to access a file, which waiting does not change. */
    private static boolean isDenied(Throwable failure) {
        return causes(failure)
                .anyMatch(cause -> cause instanceof AccessDeniedException
                        || String.valueOf(cause.getMessage())
                                .toLowerCase(Locale.ROOT)
                                .contains("permission denied"));
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static Optional<AccessFailure> classify(@Nullable Throwable cause) {
        return switch (cause) {
            case OutOfMemoryError _ -> Optional.of(TOO_LITTLE_MEMORY);
            case SQLiteException sqlite -> Optional.ofNullable(SQLITE_CODES.get(SqliteDatabase.codeOf(sqlite)));
            case SQLException sql when isOfServer(sql) -> Optional.of(SERVER_ERROR);
            case FileSystemException _, FileNotFoundException _ -> Optional.of(DISK_ERROR);
            case null -> Optional.empty();
            case IOException other when isOfDisk(other) -> Optional.of(DISK_ERROR);
            default -> Optional.empty();
        };
    }

    private static boolean isOfServer(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.length() == 5 && POSTGRES_CLASSES.contains(state.substring(0, 2));
    }

    private static boolean isOfDisk(IOException failure) {
        String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return DISK_MESSAGES.stream().anyMatch(text::contains);
    }
}
