package dev.reverie.actors.store;

import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Thrown when a store cannot be used; the message gives the reason and says what to do. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final Pattern FULL_STOP = Pattern.compile("\\.\\s*$");

    private final boolean damage;

    public StoreException(String message) {
        super(message);
        this.damage = false;
    }

    public StoreException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private StoreException(String message, Throwable cause, boolean damage) {
        super(message, cause);
        this.damage = damage;
    }

    /** Whether the data of the store is damaged. */
    boolean isDamage() {
        return damage;
    }

    /** The exception for a write to a store whose disk is full. */
    static StoreException full(String name) {
        return new StoreException(fullDisk(name));
    }

    private static String fullDisk(String name) {
        return "the store " + name + " has no space left on its disk: free some space on it";
    }

    /** The exception for a store in a folder that another process has locked. */
    static StoreException inUse(String name) {
        return new StoreException(
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
            case FULL -> new StoreException(fullDisk(name), failure);
            case UNAVAILABLE, OBSOLETE, UNREACHABLE ->
                new StoreException(
                        "the store " + name + " cannot be opened: "
                                + FULL_STOP.matcher("" + failure.getMessage()).replaceAll("")
                                + "; check the permissions of its files, or that its database server runs",
                        failure);
        };
    }

    /** The exception for a store whose data is damaged. */
    static StoreException damaged(String name, Throwable cause) {
        return new StoreException(
                "the store " + name + " is damaged and cannot be opened; nothing in it was changed: restore it from a"
                        + " backup, or move it away to start a new one",
                cause,
                true);
    }
}
