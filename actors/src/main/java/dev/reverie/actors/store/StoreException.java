package dev.reverie.actors.store;

import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Thrown when a store cannot be used; the message gives the reason and says what to do. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final Pattern FULL_STOP = Pattern.compile("\\.\\s*$");

    private final Kind kind;

    private enum Kind {
        /** The user must choose another store, or change something else. */
        CHOICE,
        DAMAGE,
        /** Another process uses the store, or the disk or the database server has failed. */
        TEMPORARY
    }

    public StoreException(String message) {
        this(message, Kind.CHOICE);
    }

    public StoreException(String message, Throwable cause) {
        this(message, cause, Kind.CHOICE);
    }

    /** Leaves the cause to {@link #initCause}. */
    private StoreException(String message, Kind kind) {
        super(message);
        this.kind = kind;
    }

    private StoreException(String message, @Nullable Throwable cause, Kind kind) {
        super(message, cause);
        this.kind = kind;
    }

    /** The exception for a failure of the disk or the database server. */
    public static StoreException temporary(String message, Throwable cause) {
        return new StoreException(message, cause, Kind.TEMPORARY);
    }

    /** The exception for a store that another process uses. */
    static StoreException temporary(String message) {
        return new StoreException(message, Kind.TEMPORARY);
    }

    /** Whether another try may succeed. */
    public boolean isTemporary() {
        return kind == Kind.TEMPORARY;
    }

    /** Whether the data of the store is damaged. */
    boolean isDamage() {
        return kind == Kind.DAMAGE;
    }

    /** The exception for a write to a store that is known to have no space left. */
    static StoreException full(String name) {
        return full(name, null);
    }

    /** The exception for a store whose disk is full. */
    static StoreException full(String name, @Nullable Throwable cause) {
        return new StoreException(
                "the store " + name + " has no space left on its disk: free some space on it", cause, Kind.TEMPORARY);
    }

    /** The exception for a store in a folder that another process has locked. */
    static StoreException inUse(String name) {
        return temporary(
                "the store " + name + " is in use by another process: stop that process, or choose another folder");
    }

    /** The exception for a store that cannot be opened, with advice for the kind of the failure. */
    static StoreException unopened(String name, SQLException failure) {
        StoreFailure kind = StoreFailure.of(failure);
        Optional<AccessFailure> accessFailure = AccessFailure.in(failure);
        if (kind != StoreFailure.FULL && accessFailure.isPresent()) {
            return accessFailure.get().exception(name, failure);
        }
        return switch (kind) {
            case DAMAGED -> damaged(name, failure);
            case FULL -> full(name, failure);
            case UNAVAILABLE, OBSOLETE, UNREACHABLE ->
                new StoreException(
                        "the store " + name + " cannot be opened: "
                                + FULL_STOP.matcher("" + failure.getMessage()).replaceAll("")
                                + "; check the permissions of its files, or that its database server runs",
                        failure,
                        isConnectionFailure(failure) ? Kind.TEMPORARY : Kind.CHOICE);
        };
    }

    /** Whether a database server does not run or cannot be reached, rather than refuses the user. */
    private static boolean isConnectionFailure(SQLException failure) {
        return String.valueOf(failure.getSQLState()).startsWith("08");
    }

    /** The exception for a store whose data is damaged. */
    static StoreException damaged(String name, Throwable cause) {
        return new StoreException(
                "the store " + name + " is damaged and cannot be opened; nothing in it was changed: restore it from a"
                        + " backup, or move it away to start a new one",
                cause,
                Kind.DAMAGE);
    }
}
