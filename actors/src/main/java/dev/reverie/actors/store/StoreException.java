package dev.reverie.actors.store;

import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Thrown when a store cannot be used; the message gives the reason and says what to do. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final Pattern FULL_STOP = Pattern.compile("\\.\\s*$");

    private static final String UNREADABLE = " cannot be read: check its disk and the permissions of its files";

    private final boolean temporary;

    /** The exception for a store that the user must choose or change. */
    public StoreException(String message) {
        super(message);
        this.temporary = false;
    }

    public StoreException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private StoreException(String message, @Nullable Throwable cause, boolean temporary) {
        super(message, cause);
        this.temporary = temporary;
    }

    /** The exception for a failure of the disk or the database server. */
    public static StoreException temporary(String message, Throwable cause) {
        return new StoreException(message, cause, true);
    }

    /** The exception for a store that another process uses. */
    static StoreException temporary(String message) {
        return new StoreException(message, null, true);
    }

    /** Whether another try may succeed. */
    public boolean isTemporary() {
        return temporary;
    }

    /** The exception for a write to a store that is known to have no space left. */
    static StoreException full(String name) {
        return full(name, null);
    }

    /** The exception for a store whose disk is full. */
    static StoreException full(String name, @Nullable Throwable cause) {
        return new StoreException(
                "the store " + name + " has no space left on its disk: free some space on it", cause, true);
    }

    /** The exception for a store in a folder that another process has locked. */
    static StoreException inUse(String name) {
        return inUse(name, null);
    }

    private static StoreException inUse(String name, @Nullable Throwable cause) {
        return new StoreException(
                "the store " + name + " is in use by another process: stop that process, or choose another folder",
                cause,
                true);
    }

    /** The exception for a store that cannot be opened, with advice for the cause of the failure. */
    static StoreException unopened(String name, SQLException failure) {
        String store = "the store " + name;
        return switch (FailureCause.of(failure)) {
            case DAMAGED -> damaged(name, failure);
            case FULL -> full(name, failure);
            case IN_USE -> inUse(name, failure);
            case TOO_LITTLE_MEMORY ->
                new StoreException(
                        store + " needs more memory to be read: set for example REVERIE_JAVA_OPTS=-Xmx4g", failure);
            case DISK_ERROR -> temporary(store + UNREADABLE, failure);
            case DENIED -> new StoreException(store + UNREADABLE, failure);
            case SERVER_ERROR ->
                temporary(store + " cannot be read now: check its database server, and try again", failure);
            case UNREACHED -> temporary(store + unopened(failure), failure);
            case OBSOLETE, REFUSED, UNKNOWN -> new StoreException(store + unopened(failure), failure);
        };
    }

    private static String unopened(SQLException failure) {
        return " cannot be opened: "
                + FULL_STOP.matcher("" + failure.getMessage()).replaceAll("")
                + "; check the permissions of its files, or that its database server runs";
    }

    /** The exception for a store whose data is damaged. */
    static StoreException damaged(String name, Throwable cause) {
        return new StoreException(
                "the store " + name + " is damaged and cannot be opened; nothing in it was changed: restore it from a"
                        + " backup, or move it away to start a new one",
                cause);
    }
}
